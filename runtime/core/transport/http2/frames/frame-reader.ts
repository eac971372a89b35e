import { ConnectionError } from "./connection-error.js";
import { ErrorCode } from "./error-code.js";
import { Flag, FRAME_HEADER_SIZE, FrameType, MAX_31_BITS } from "./frame.js";
import type { FrameHandler } from "./frame-handler.js";
import { checkFrame, frameName } from "./frame-rules.js";
import { HeaderBlock } from "./header-block.js";
import { readSettings } from "./settings-payload.js";

const EMPTY = Buffer.alloc(0);

/** The size of the priority fields at the start of HEADERS with the flag PRIORITY, in bytes: RFC 9113, section 6.2. */
const PRIORITY_SIZE = 5;

/** The limits that a {@link FrameReader} enforces. */
export interface FrameLimits {
  /** Our SETTINGS_MAX_FRAME_SIZE, in bytes. */
  readonly maxFrameSize: number;
  /** The largest header block as encoded on the wire, in bytes. A larger one ends the connection. */
  readonly maxHeaderBlockSize: number;
}

/**
 * Reads the frames of a server from chunks of any size, and passes them to a {@link FrameHandler}: RFC 9113, section 4.
 * A frame within one chunk is not copied. A frame in several chunks is joined, except DATA, whose data is passed on in
 * pieces.
 *
 * Every frame error is treated as an error of the connection, as RFC 9113, section 5.4.1, allows, because a server that
 * sends such frames is broken.
 */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #maxFrameSize: number;
  readonly #headerBlock: HeaderBlock;
  #hasSettings = false;

  /** The beginning of a frame header that continues in the next chunk. */
  readonly #header = Buffer.alloc(FRAME_HEADER_SIZE);
  #headerLength = 0;

  /** The frame whose header was read last. */
  #inFrame = false;
  #type = 0;
  #flags = 0;
  #streamId = 0;
  /** The number of bytes of its payload that have not been read. */
  #left = 0;

  /**
   * DATA: whether the length of the padding is known (or that there is none), and how much padding is left, in bytes.
   */
  #knowsPadding = false;
  #padding = 0;
  /** DATA: the bytes of the payload that have been read but not yet counted for flow control in a piece. */
  #uncounted = 0;

  /** Other frames: the beginning of a payload that continues in the next chunk. */
  #payload = EMPTY;
  #payloadLength = 0;

  constructor(handler: FrameHandler, limits: FrameLimits) {
    this.#handler = handler;
    this.#maxFrameSize = limits.maxFrameSize;
    this.#headerBlock = new HeaderBlock(limits.maxHeaderBlockSize);
  }

  /**
   * Reads a chunk. All complete frames have been passed to the handler when this returns.
   *
   * @throws ConnectionError for a frame that violates RFC 9113; and any error of the handler. Do not use the reader
   *   afterwards
   */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (!this.#inFrame) {
        at = this.#readHeader(chunk, at);
        if (!this.#inFrame) return;
      }
      if (this.#type === FrameType.DATA) at = this.#readData(chunk, at);
      else at = this.#readPayload(chunk, at);
    }
  }

  /** Reads a frame header, or the available part of it. Returns the position after it in the chunk. */
  #readHeader(chunk: Buffer, at: number): number {
    if (this.#headerLength === 0 && chunk.length - at >= FRAME_HEADER_SIZE) {
      this.#beginFrame(chunk, at);
      return at + FRAME_HEADER_SIZE;
    }
    const end = Math.min(at + FRAME_HEADER_SIZE - this.#headerLength, chunk.length);
    this.#headerLength += chunk.copy(this.#header, this.#headerLength, at, end);
    if (this.#headerLength === FRAME_HEADER_SIZE) {
      this.#headerLength = 0;
      this.#beginFrame(this.#header, 0);
    }
    return end;
  }

  /** Parses a frame header (section 4.1) and checks it. */
  #beginFrame(bytes: Buffer, at: number): void {
    const length = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const type = bytes[at + 3] ?? 0;
    const flags = bytes[at + 4] ?? 0;
    const streamId = uint32(bytes, at + 5) & MAX_31_BITS;
    if (!this.#hasSettings) this.#checkFirst(type, flags);
    if (length > this.#maxFrameSize) {
      const message = `${frameName(type)} of ${length} bytes, beyond SETTINGS_MAX_FRAME_SIZE of ${this.#maxFrameSize}`;
      throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, message);
    }
    checkFrame(type, flags, streamId, length);
    this.#checkOrder(type, streamId);
    if (type === FrameType.HEADERS || type === FrameType.CONTINUATION) this.#headerBlock.checkSize(length);
    this.#inFrame = true;
    this.#type = type;
    this.#flags = flags;
    this.#streamId = streamId;
    this.#left = length;
    if (type === FrameType.DATA) {
      this.#knowsPadding = (flags & Flag.PADDED) === 0;
      this.#padding = 0;
      this.#uncounted = 0;
    }
  }

  /** Checks that the first frame of a server is SETTINGS (section 3.4). */
  #checkFirst(type: number, flags: number): void {
    if (type !== FrameType.SETTINGS || (flags & Flag.ACK) !== 0) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${frameName(type)} as the first frame: expected SETTINGS`);
    }
    this.#hasSettings = true;
  }

  /**
   * Checks the order of frames. Only CONTINUATION frames may follow HEADERS until the block ends (section 6.10).
   * PUSH_PROMISE is never allowed.
   */
  #checkOrder(type: number, streamId: number): void {
    const open = this.#headerBlock.streamId;
    if (type === FrameType.CONTINUATION ? streamId !== open : open !== 0) {
      const where = open === 0 ? "outside a header block" : `in the header block of stream ${open}`;
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${frameName(type)} on stream ${streamId} ${where}`);
    }
    if (type === FrameType.PUSH_PROMISE) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE, although SETTINGS_ENABLE_PUSH is 0");
    }
  }

  /** Passes on the available part of a DATA frame (section 6.1). Returns the position after it in the chunk. */
  #readData(chunk: Buffer, start: number): number {
    let at = start;
    if (!this.#knowsPadding) {
      if (this.#left === 0) throw paddingError(this.#type);
      if (at === chunk.length) return at;
      this.#padding = chunk[at++] ?? 0;
      this.#left--;
      if (this.#padding > this.#left) throw paddingError(this.#type);
      this.#knowsPadding = true;
      this.#uncounted = 1;
    }
    const dataLeft = Math.max(this.#left - this.#padding, 0);
    const dataEnd = Math.min(at + dataLeft, chunk.length);
    const end = Math.min(at + this.#left, chunk.length);
    const isLast = end - at === this.#left;
    this.#left -= end - at;
    this.#uncounted += end - at;
    // Padding is counted at the end of its frame, so that a frame without data is a single piece.
    if (!isLast && dataEnd === at) return end;
    const flowSize = isLast ? this.#uncounted : this.#uncounted - (end - dataEnd);
    this.#uncounted -= flowSize;
    if (isLast) this.#inFrame = false;
    const bytes = dataEnd === at ? EMPTY : chunk.subarray(at, dataEnd);
    this.#handler.onData(this.#streamId, bytes, flowSize, isLast && (this.#flags & Flag.END_STREAM) !== 0);
    return end;
  }

  /**
   * Reads a payload that is needed as a whole, or the available part of it. Returns the position after it in the chunk.
   */
  #readPayload(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.#left, chunk.length);
    this.#left -= end - at;
    if (this.#payloadLength === 0 && this.#left === 0) {
      this.#inFrame = false;
      this.#endFrame(chunk.subarray(at, end));
      return end;
    }
    if (this.#payloadLength === 0) this.#payload = Buffer.allocUnsafeSlow(end - at + this.#left);
    this.#payloadLength += chunk.copy(this.#payload, this.#payloadLength, at, end);
    if (this.#left === 0) {
      const payload = this.#payload;
      this.#inFrame = false;
      this.#payload = EMPTY;
      this.#payloadLength = 0;
      this.#endFrame(payload);
    }
    return end;
  }

  /** Passes on a complete frame. */
  #endFrame(payload: Buffer): void {
    const isAck = (this.#flags & Flag.ACK) !== 0;
    switch (this.#type) {
      case FrameType.HEADERS:
        this.#endHeaders(payload);
        break;
      case FrameType.CONTINUATION:
        this.#headerBlock.continue(payload);
        this.#endBlock();
        break;
      case FrameType.RST_STREAM:
        this.#handler.onReset(this.#streamId, uint32(payload, 0));
        break;
      case FrameType.SETTINGS:
        if (isAck) this.#handler.onSettingsAck();
        else this.#handler.onSettings(readSettings(payload));
        break;
      case FrameType.PING:
        if (isAck) this.#handler.onPingAck(payload);
        else this.#handler.onPing(payload);
        break;
      case FrameType.GOAWAY:
        this.#handler.onGoaway(uint32(payload, 0) & MAX_31_BITS, uint32(payload, 4), payload.subarray(8));
        break;
      case FrameType.WINDOW_UPDATE:
        this.#endWindowUpdate(payload);
        break;
      default:
        this.#handler.onIgnored(frameName(this.#type));
    }
  }

  /** HEADERS (section 6.2): a whole block, or the beginning of one. */
  #endHeaders(payload: Buffer): void {
    const flags = this.#flags;
    let start = 0;
    let end = payload.length;
    if ((flags & Flag.PADDED) !== 0) end -= payload[start++] ?? 0;
    if ((flags & Flag.PRIORITY) !== 0) start += PRIORITY_SIZE;
    if (start > end) throw paddingError(this.#type);
    const fragment = start === 0 && end === payload.length ? payload : payload.subarray(start, end);
    const endStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) !== 0) this.#handler.onHeaders(this.#streamId, fragment, endStream);
    else this.#headerBlock.begin(this.#streamId, fragment, endStream);
  }

  /** CONTINUATION (section 6.10). The flag END_HEADERS ends the block. */
  #endBlock(): void {
    if ((this.#flags & Flag.END_HEADERS) === 0) return;
    const { endStream } = this.#headerBlock;
    this.#handler.onHeaders(this.#streamId, this.#headerBlock.end(), endStream);
  }

  /** WINDOW_UPDATE (section 6.9). */
  #endWindowUpdate(payload: Buffer): void {
    const increment = uint32(payload, 0) & MAX_31_BITS;
    if (increment === 0) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `WINDOW_UPDATE of 0 on stream ${this.#streamId}`);
    }
    this.#handler.onWindowUpdate(this.#streamId, increment);
  }
}

function paddingError(type: number): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${frameName(type)} with padding beyond its end`);
}

function uint32(bytes: Buffer, at: number): number {
  const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16);
  return (high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}
