import type { MessageCodec } from "../codec.js";
import { WireError } from "../wire/wire-error.js";
import type { JsonWriteOptions } from "./json-write-options.js";
import type { WireSlice } from "./slice-list.js";
import { cutWire } from "./wire-cutter.js";
import { wirePath } from "./wire-path.js";
import { wireToJson } from "./wire-to-json.js";

/**
 * The number of wire bytes that are encoded at a time. It takes a millisecond or less, and the text is still in the
 * CPU's cache.
 */
const SLICE = 256 * 1024;

/**
 * Transcodes the wire bytes of a large message to JSON text, slice by slice. All slices together equal the result of
 * `wireToJson`. The generator yields `undefined` if it has used the time of a slice but has no text yet. The caller
 * owns the buffers.
 *
 * @throws {WireError} when it reaches bytes that are malformed or that JSON cannot express
 */
export function* jsonSlices(
  codec: MessageCodec,
  wire: Buffer,
  json: JsonWriteOptions = {},
  size: number = SLICE,
): Generator<Buffer | undefined, void> {
  const parts = yield* cutWire(codec, wire, size);
  if (parts === undefined) {
    yield wireToJson(codec, wire, "", "", json);
    return;
  }
  let before = "";
  let isAfterValue = false;
  for (const part of parts) {
    if (typeof part === "string") {
      const isClosing = part === "]" || part === "}";
      before += isAfterValue && !isClosing ? `,${part}` : part;
      isAfterValue = isClosing;
      continue;
    }
    const text = sliceText(codec, wire, part, json);
    const end = text.length - part.tail;
    if (end === part.head) continue;
    if (isAfterValue) before += ",";
    isAfterValue = true;
    // There is usually room for it in the bytes that are cut off from the beginning of the slice's text.
    const start = part.head - Buffer.byteLength(before);
    if (start < 0) {
      yield Buffer.from(before);
      yield text.subarray(part.head, end);
    } else {
      text.write(before, start);
      yield text.subarray(start, end);
    }
    before = "";
  }
  yield Buffer.from(before);
}

/** Returns the JSON of one slice. */
function sliceText(
  whole: MessageCodec,
  wire: Buffer,
  { codec, start, end }: WireSlice,
  json: JsonWriteOptions,
): Buffer {
  try {
    return wireToJson(codec, wire.subarray(start, end), "", "", json);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const { problem, isSound } = error;
    const offset = start + error.offset;
    throw new WireError(problem, offset, { isSound, type: whole.name, path: wirePath(whole, wire, offset) });
  }
}
