import type { CallFraming } from "../observe/call-record.js";
import type { WrittenError } from "../transcode/written-error.js";

/** What stands around each message of a stream: ASCII text. */
export interface MessageFraming {
  /** Stands before each message. */
  readonly prefix: string;
  /** Stands after each message. */
  readonly suffix: string;
  /** What stands before the prefix of a message that has an id; `""` takes the id before back. Absent: there are no ids. */
  readonly id?: (id: string) => string;
}

/** How the messages of a stream follow each other in a response body. All text but that of errors is ASCII. */
export interface StreamFraming extends MessageFraming {
  /** What records call it. */
  readonly name: CallFraming;
  /** The response's `Content-Type`. */
  readonly contentType: string;
  /** What the body begins with. */
  readonly opening: string;
  /** What follows the last message of a stream that has ended well. */
  readonly ending: string;
  /** What says on a quiet stream that it goes on. Absent: nothing can. */
  readonly heartbeat?: string;
  /** The frame of an error, the last of the stream. */
  error(written: WrittenError): string;
  /** The whole response body, JSON, for an error that the server answers a stream with before any message. */
  errorBody(written: WrittenError): string;
}

/** One `{"result":...}` a line, as grpc-gateway does; an error is a line `{"error":...}`, even as the only answer. */
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

/** One message a line, with nothing around it; an error is a last line `{"error":...}`. */
export const newlineDelimited: StreamFraming = {
  name: "ndjson",
  contentType: "application/x-ndjson",
  opening: "",
  prefix: "",
  suffix: "\n",
  ending: "",
  error: ({ streamText }) => `${streamText}\n`,
  errorBody: ({ text }) => text,
};
