/** The frame types: RFC 9113, section 6. */
export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

/** The flags of frames. Two of them share a bit: ACK is for SETTINGS and PING, END_STREAM for DATA and HEADERS. */
export const Flag = {
  ACK: 0x1,
  END_STREAM: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

/** The bytes that a client sends before its first frame: RFC 9113, section 3.4. */
export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** The size of a frame header, in bytes: RFC 9113, section 4.1. */
export const FRAME_HEADER_SIZE = 9;

/** The largest payload of a frame unless SETTINGS allow more, in bytes: RFC 9113, section 4.2. */
export const DEFAULT_MAX_FRAME_SIZE = 16_384;

/** The size of flow-control windows unless SETTINGS or WINDOW_UPDATE change it, in bytes: RFC 9113, section 6.9.2. */
export const DEFAULT_WINDOW_SIZE = 65_535;

/** The largest stream id, window and window increment: 31 bits. */
export const MAX_31_BITS = 0x7fff_ffff;
