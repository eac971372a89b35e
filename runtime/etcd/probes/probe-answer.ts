/** The response to a probe. */
export interface ProbeAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Makes a text response, in etcd's format. */
export function textAnswer(status: number, text: string): ProbeAnswer {
  return { status, contentType: "text/plain; charset=utf-8", text };
}

/** Makes a JSON response. */
export function jsonAnswer(status: number, value: object): ProbeAnswer {
  return { status, contentType: "application/json", text: JSON.stringify(value) };
}
