import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";

/** A frame's bytes. Its length is that of the payload unless it is given. */
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

/** The empty SETTINGS frame that a server may begin with. */
export const SERVER_PREFACE = frame(FrameType.SETTINGS, 0, 0);

/** The bytes of a 32-bit number. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A payload with padding, whose length is before it. */
export function padded(payload: Uint8Array | string, padding: number): Buffer {
  return Buffer.concat([Buffer.of(padding), Buffer.from(payload), Buffer.alloc(padding)]);
}

/** A HEADERS frame that is followed by so many CONTINUATION frames of these payloads, the last of which ends the block. */
export function headersInPieces(streamId: number, flags: number, pieces: readonly (Uint8Array | string)[]): Buffer {
  const frames = pieces.map((piece, i) => {
    const end = i === pieces.length - 1 ? Flag.END_HEADERS : 0;
    return i === 0
      ? frame(FrameType.HEADERS, flags | end, streamId, piece)
      : frame(FrameType.CONTINUATION, end, streamId, piece);
  });
  return Buffer.concat(frames);
}
