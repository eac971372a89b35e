import { canonicalWire } from "./canonical-wire.js";
import type { MessageCodec } from "./codec.js";
import { Transcoder } from "./transcoder.js";
import { WireError } from "./wire-error.js";
import { wirePath } from "./wire-path.js";

/** Texts up to this length, in bytes, are written in one shared buffer and copied out of it. */
const SMALL = 64 * 1024;

let shared = new Transcoder(SMALL);

/**
 * Transcodes a message's wire bytes to JSON text. `prefix` and `suffix` are ASCII text to put around it, as a stream's
 * framing needs. The buffer returned is the caller's.
 *
 * @throws {WireError} if the wire is malformed or cut off, or a string in it is not valid UTF-8.
 */
export function wireToJson(codec: MessageCodec, wire: Uint8Array, prefix = "", suffix = ""): Buffer {
  const bytes = Buffer.from(wire.buffer, wire.byteOffset, wire.length);
  const likely = bytes.length * 1.5;
  if (likely > SMALL) return transcode(new Transcoder(likely + 1024), codec, bytes, prefix, suffix);
  const text = transcode(shared, codec, bytes, prefix, suffix);
  if (text.length > SMALL) {
    shared = new Transcoder(SMALL);
    return text;
  }
  const copy = Buffer.allocUnsafe(text.length);
  text.copy(copy);
  return copy;
}

function transcode(t: Transcoder, codec: MessageCodec, wire: Buffer, prefix: string, suffix: string): Buffer {
  let bytes = wire;
  try {
    t.begin(bytes, prefix);
    if (!t.root(codec)) {
      bytes = canonicalWire(codec, wire);
      t.begin(bytes, prefix);
      if (!t.root(codec)) throw new WireError("fields that cannot be put in order", 0);
    }
    return t.finish(suffix);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const problem = bytes === wire ? error.problem : `${error.problem}, its fields put in order,`;
    throw new WireError(problem, error.offset, codec.name, wirePath(codec, bytes, error.offset));
  } finally {
    t.release();
  }
}
