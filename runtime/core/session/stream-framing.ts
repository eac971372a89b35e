import type { CallFraming } from "../observe/call-record.js";
import type { WrittenError } from "../transcode/written-error.js";

/** The ASCII text around each message of a stream. */
export interface MessageFraming {
  /** The text before each message. */
  readonly prefix: string;
  /** The text after each message. */
  readonly suffix: string;
  /**
   * Returns the text before the prefix of a message with an id. The id `""` removes the previous id. Absent if the
   * framing has no ids.
   */
  readonly id?: (id: string) => string;
}

/** How the messages of a stream follow each other in a response body. All text except that of errors is ASCII. */
export interface StreamFraming extends MessageFraming {
  /** The name of the framing in records. */
  readonly name: CallFraming;
  /** The response's `Content-Type`. */
  readonly contentType: string;
  /** The text at the start of the body. */
  readonly opening: string;
  /** The text after the last message of a stream that ends without an error. */
  readonly ending: string;
  /** The text that shows on a quiet stream that it is still open. Absent if the framing has no heartbeat. */
  readonly heartbeat?: string;
  /** Returns the frame for an error, which is the last of the stream. */
  error(written: WrittenError): string;
  /** Returns the whole response body, as JSON, for an error that the server sends before any message. */
  errorBody(written: WrittenError): string;
}

/**
 * A line `{"result":...}` for each message, as in grpc-gateway. An error is a line `{"error":...}`, even if nothing
 * else was sent.
 */
export const resultLines: StreamFraming = {
  name: "result-lines",
  contentType: "application/json",
  opening: "",
  prefix: '{"result":',
  suffix: "}\n",
  ending: "",
  error: ({ streamText }) => `${streamText}\n`,
  errorBody: ({ streamText }) => `${streamText}\n`,
};

/** A line for each message, with nothing around it. An error is a last line `{"error":...}`. */
export const ndjson: StreamFraming = {
  name: "ndjson",
  contentType: "application/x-ndjson",
  opening: "",
  prefix: "",
  suffix: "\n",
  ending: "",
  error: ({ streamText }) => `${streamText}\n`,
  errorBody: ({ text }) => text,
};
