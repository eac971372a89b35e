import { canonicalWire } from "./canonical-wire.js";
import type { MessageCodec } from "./codec.js";
import { Transcoder } from "./transcoder.js";
import { WireError } from "./wire-error.js";
import { wirePath } from "./wire-path.js";

const transcoder = new Transcoder();

/**
 * Transcodes a message's wire bytes to JSON text. `prefix` and `suffix` are ASCII text to put around it, as a stream's
 * framing needs. The buffer returned is the caller's.
 *
 * @throws {WireError} if the wire is malformed or cut off, or a string in it is not valid UTF-8.
 */
export function wireToJson(codec: MessageCodec, wire: Uint8Array, prefix = "", suffix = ""): Buffer {
  const original = Buffer.isBuffer(wire) ? wire : Buffer.from(wire.buffer, wire.byteOffset, wire.length);
  let bytes = original;
  try {
    const text = transcoder.text(codec, bytes, prefix, suffix);
    if (text !== undefined) return text;
    bytes = canonicalWire(codec, bytes);
    const second = transcoder.text(codec, bytes, prefix, suffix);
    if (second !== undefined) return second;
    throw new WireError("fields that cannot be put in order", 0);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const problem = bytes === original ? error.problem : `${error.problem}, its fields put in order,`;
    throw new WireError(problem, error.offset, codec.name, wirePath(codec, bytes, error.offset));
  } finally {
    transcoder.release();
  }
}
