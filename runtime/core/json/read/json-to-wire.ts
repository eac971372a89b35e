import { bufferOf } from "../../bytes/buffer-of.js";
import type { MessageCodec } from "../codec.js";
import type { JsonReadOptions } from "./json-read-options.js";
import { MessageReader } from "./message-reader.js";

/**
 * Transcodes JSON text to a message's wire bytes. The text must be one value, with optional white space around it;
 * empty text is an error. The caller owns the returned buffer.
 *
 * @throws {JsonError} if the text is not JSON or does not fit the message.
 */
export function jsonToWire(codec: MessageCodec, text: Uint8Array, options: JsonReadOptions = {}): Buffer {
  const reader = new MessageReader(bufferOf(text), options);
  if (options.mapping === "v1" && reader.peek() === "null") reader.skipLiteral("null");
  else reader.message(codec);
  if (options.trailingData !== "ignore") reader.finish();
  return reader.wire();
}
