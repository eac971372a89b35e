import { ConnectionError } from "./connection-error.js";
import { ErrorCode } from "./error-code.js";
import { Flag, FRAME_HEADER_SIZE, FrameType, MAX_31_BITS } from "./frame.js";
import type { FrameHandler } from "./frame-handler.js";
import { checkFrame, frameName } from "./frame-rules.js";
import { HeaderBlock } from "./header-block.js";
import { readSettings } from "./settings-payload.js";

const EMPTY = Buffer.alloc(0);

/** What precedes a header block's fragment in HEADERS with the flag PRIORITY: RFC 9113, section 6.2. */
const PRIORITY_SIZE = 5;

/** What a {@link FrameReader} allows a server to send. */
export interface FrameLimits {
  /** Our SETTINGS_MAX_FRAME_SIZE, in bytes. */
  readonly maxFrameSize: number;
  /** The most bytes of a header block as it is on the wire. One that is larger ends the connection. */
  readonly maxHeaderBlockSize: number;
}

/**
 * Reads the frames that a server sends, from chunks of any size, and calls a {@link FrameHandler}: RFC 9113, section 4.
 * Where a frame lies in one chunk, nothing is copied. Otherwise a frame other than DATA is joined, and the data of DATA
 * frames is handed out piece by piece.
 *
 * What is wrong with a frame is always an error of the connection here, as RFC 9113, section 5.4.1, allows: a server
 * that sends such frames is broken.
 */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #maxFrameSize: number;
  readonly #headerBlock: HeaderBlock;
  #hasSettings = false;

  /** The start of a frame's header that was cut off by the end of a chunk. */
  readonly #header = Buffer.alloc(FRAME_HEADER_SIZE);
  #headerLength = 0;

  /** The frame whose header has been read last. */
  #inFrame = false;
  #type = 0;
  #flags = 0;
  #streamId = 0;
  /** How much of its payload has not been read. */
  #left = 0;

  /** DATA: whether the length of the padding, or that there is none, is known; and how much of the padding is left. */
  #knowsPadding = false;
  #padding = 0;
  /** DATA: what of the payload has been read, but counted for flow control in no piece. */
  #uncounted = 0;

  /** Other frames: the start of a payload that was cut off by the end of a chunk. */
  #payload = EMPTY;
  #payloadLength = 0;

  constructor(handler: FrameHandler, limits: FrameLimits) {
    this.#handler = handler;
    this.#maxFrameSize = limits.maxFrameSize;
    this.#headerBlock = new HeaderBlock(limits.maxHeaderBlockSize);
  }

  /**
   * Reads a chunk. Its frames have reached the handler when this returns.
   *
   * @throws ConnectionError for a frame that breaks RFC 9113, and what the handler throws; the reader is of no use then
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

  /** Reads a frame's header, or what of it there is, and returns where the chunk goes on. */
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

  /** Takes a frame's header (section 4.1) and checks it. */
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

  /** A server's first frame is its SETTINGS (section 3.4). */
  #checkFirst(type: number, flags: number): void {
    if (type !== FrameType.SETTINGS || (flags & Flag.ACK) !== 0) {
      throw new ConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        `${frameName(type)} as the first frame, where a server of HTTP/2 sends SETTINGS`,
      );
    }
    this.#hasSettings = true;
  }

  /** Between HEADERS and the last of its CONTINUATION frames there is nothing else (section 6.10), and no push at all. */
  #checkOrder(type: number, streamId: number): void {
    const open = this.#headerBlock.streamId;
    if (type === FrameType.CONTINUATION ? streamId !== open : open !== 0) {
      const place = open === 0 ? "outside a header block" : `in the header block of stream ${open}`;
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${frameName(type)} on stream ${streamId} ${place}`);
    }
    if (type === FrameType.PUSH_PROMISE) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE, which SETTINGS_ENABLE_PUSH of 0 forbids");
    }
  }

  /** Hands out what the chunk has of a DATA frame (section 6.1), and returns where the chunk goes on. */
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
    // Padding waits for the end of its frame, so that a frame without data is one piece.
    if (!isLast && dataEnd === at) return end;
    const flowSize = isLast ? this.#uncounted : this.#uncounted - (end - dataEnd);
    this.#uncounted -= flowSize;
    if (isLast) this.#inFrame = false;
    const bytes = dataEnd === at ? EMPTY : chunk.subarray(at, dataEnd);
    this.#handler.onData(this.#streamId, bytes, flowSize, isLast && (this.#flags & Flag.END_STREAM) !== 0);
    return end;
  }

  /** Reads a payload that has to be whole, or what of it there is, and returns where the chunk goes on. */
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

  /** Hands out a frame that is complete. */
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

  /** CONTINUATION (section 6.10): the end of the block, perhaps. */
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
