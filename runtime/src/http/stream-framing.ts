/** How the messages of a stream follow each other in a response body. */
export interface StreamFraming {
  /** The response's `Content-Type`. */
  readonly contentType: string;
  /** ASCII text before each message. */
  readonly prefix: string;
  /** ASCII text after each message. */
  readonly suffix: string;
  /** The frame of an error, given as JSON text: the last of the stream, or the only one. */
  error(body: string): string;
}

/** One `{"result":...}` a line, as grpc-gateway does; an error is a line `{"error":...}`. */
export const resultLines: StreamFraming = {
  contentType: "application/json",
  prefix: '{"result":',
  suffix: "}\n",
  error: (body) => `${body}\n`,
};
