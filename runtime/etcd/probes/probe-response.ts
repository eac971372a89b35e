/** The response to a probe. */
export interface ProbeResponse {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Makes a text response, in etcd's format. */
export function textResponse(status: number, text: string): ProbeResponse {
  return { status, contentType: "text/plain; charset=utf-8", text };
}

/** Makes a JSON response. */
export function jsonResponse(status: number, value: object): ProbeResponse {
  return { status, contentType: "application/json", text: JSON.stringify(value) };
}
