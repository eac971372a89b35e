import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";

/** Encodes a frame. Its length field is the size of the payload, unless `length` is given. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array | string = "",
  length?: number,
): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(9);
  header.writeUIntBE(length ?? body.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, body]);
}

/** The empty SETTINGS frame at the beginning of a server's output. */
export const SERVER_PREFACE = frame(FrameType.SETTINGS, 0, 0);

/** Encodes a 32-bit number. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Adds padding to a payload, with the length of the padding before the payload. */
export function padded(payload: Uint8Array | string, padding: number): Buffer {
  return Buffer.concat([Buffer.of(padding), Buffer.from(payload), Buffer.alloc(padding)]);
}

/** Encodes a HEADERS frame and CONTINUATION frames with these payloads. The last frame ends the header block. */
export function headersInPieces(streamId: number, flags: number, pieces: readonly (Uint8Array | string)[]): Buffer {
  const frames = pieces.map((piece, i) => {
    const end = i === pieces.length - 1 ? Flag.END_HEADERS : 0;
    return i === 0
      ? frame(FrameType.HEADERS, flags | end, streamId, piece)
      : frame(FrameType.CONTINUATION, end, streamId, piece);
  });
  return Buffer.concat(frames);
}
