/** What a probe answers with. */
export interface ProbeAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** An answer of text, as etcd gives it. */
export function textAnswer(status: number, text: string): ProbeAnswer {
  return { status, contentType: "text/plain; charset=utf-8", text };
}

/** An answer of JSON. */
export function jsonAnswer(status: number, value: object): ProbeAnswer {
  return { status, contentType: "application/json", text: JSON.stringify(value) };
}
