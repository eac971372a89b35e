import { bufferOf } from "../../bytes/buffer-of.js";
import type { MessageCodec } from "../codec.js";
import { canonicalWire } from "../wire/canonical-wire.js";
import { WireError } from "../wire/wire-error.js";
import type { JsonWriteOptions } from "./json-write-options.js";
import { MessageWriter, type TextOptions } from "./message-writer.js";
import { wirePath } from "./wire-path.js";

const writer = new MessageWriter();

/**
 * Transcodes a message's wire bytes to JSON text. `prefix` and `suffix` are ASCII texts to put around it, for the
 * framing of streams. The caller owns the returned buffer.
 *
 * @throws {WireError} if the wire is malformed or cut off, if a string in it is not valid UTF-8, or if JSON cannot
 * express the message
 */
export function wireToJson(
  codec: MessageCodec,
  wire: Uint8Array,
  prefix = "",
  suffix = "",
  json: JsonWriteOptions = {},
): Buffer {
  const options = { prefix, suffix, json, isCanonical: false };
  const original = bufferOf(wire);
  let bytes = original;
  try {
    const first = attempt(codec, original, options);
    if (Buffer.isBuffer(first)) return first;
    const canonical = canonicalWire(codec, original, json.types);
    const second = attempt(codec, canonical, { ...options, isCanonical: true });
    if (Buffer.isBuffer(second)) return second;
    if (first !== undefined) throw first;
    bytes = canonical;
    throw second ?? new WireError("the fields cannot be sorted", 0);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const problem = bytes === original ? error.problem : `${error.problem}, after its fields were sorted,`;
    const { offset, isSound } = error;
    throw new WireError(problem, offset, { isSound, type: codec.name, path: wirePath(codec, bytes, offset) });
  } finally {
    writer.release();
  }
}

/**
 * Returns the text, or `undefined` if the fields must be put in canonical order first, or the error if JSON cannot
 * express a value. A later value may override that value, so this can also be a matter of order.
 */
function attempt(codec: MessageCodec, wire: Buffer, options: TextOptions): Buffer | WireError | undefined {
  try {
    return writer.text(codec, wire, options);
  } catch (error) {
    if (error instanceof WireError && error.isSound) return error;
    throw error;
  }
}
