/*
 * The contract between generated code, which makes codecs, and the runtime, which uses them. A codec knows one message
 * type: as a table of its fields, and as a function that writes wire bytes as JSON text without a message in between.
 */

/** Transcodes one message type between JSON text and protobuf wire bytes. */
export interface MessageCodec {
  /** The full proto name, e.g. `etcdserverpb.RangeRequest`. */
  readonly name: string;
}
