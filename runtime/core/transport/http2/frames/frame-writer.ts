import { DEFAULT_MAX_FRAME_SIZE, Flag, FRAME_HEADER_SIZE, FrameType, PREFACE } from "./frame.js";
import type { OutputBuffer } from "./output-buffer.js";
import type { Setting } from "./setting.js";
import { SETTING_SIZE, writeSettings } from "./settings-payload.js";

/** Writes a client's frames into an {@link OutputBuffer}: RFC 9113, section 6. */
export class FrameWriter {
  /** The peer's SETTINGS_MAX_FRAME_SIZE. Header blocks are split by it. Callers that write DATA must observe it. */
  maxFrameSize: number = DEFAULT_MAX_FRAME_SIZE;
  readonly #out: OutputBuffer;

  constructor(out: OutputBuffer) {
    this.#out = out;
  }

  /** Writes the client's connection preface: the preface bytes and the SETTINGS (section 3.4). */
  preface(settings: readonly Setting[]): void {
    this.#out.append(PREFACE);
    const at = this.#frame(FrameType.SETTINGS, 0, 0, settings.length * SETTING_SIZE);
    writeSettings(this.#out.bytes, at, settings);
  }

  /** Acknowledges the peer's SETTINGS (section 6.5.3). */
  settingsAck(): void {
    this.#frame(FrameType.SETTINGS, Flag.ACK, 0, 0);
  }

  /**
   * Writes a header block as HEADERS, with CONTINUATION frames if it is larger than {@link maxFrameSize} (section 6.2).
   */
  headers(streamId: number, block: Buffer, endStream: boolean): void {
    const flags = endStream ? Flag.END_STREAM : 0;
    if (block.length <= this.maxFrameSize) {
      this.#header(FrameType.HEADERS, flags | Flag.END_HEADERS, streamId, block.length);
      this.#out.append(block);
    } else {
      this.#header(FrameType.HEADERS, flags, streamId, this.maxFrameSize);
      this.#out.append(block, 0, this.maxFrameSize);
      this.#continuations(streamId, block);
    }
  }

  /** Writes the header of a DATA frame (section 6.1). The caller appends `length` bytes to the output buffer. */
  dataHeader(streamId: number, length: number, endStream: boolean): void {
    this.#header(FrameType.DATA, endStream ? Flag.END_STREAM : 0, streamId, length);
  }

  /**
   * Writes a DATA frame (section 6.1) with the bytes from `start` to `end`. The output buffer may keep them by
   * reference.
   */
  data(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    this.dataHeader(streamId, end - start, endStream);
    this.#out.append(bytes, start, end);
  }

  /**
   * Writes WINDOW_UPDATE (section 6.9). @param streamId 0 for the connection's window @param increment 1 to 2^31 - 1
   */
  windowUpdate(streamId: number, increment: number): void {
    const at = this.#frame(FrameType.WINDOW_UPDATE, 0, streamId, 4);
    writeUint32(this.#out.bytes, at, increment);
  }

  /** Writes PING (section 6.7). @param opaque eight bytes */
  ping(opaque: Buffer): void {
    const at = this.#frame(FrameType.PING, 0, 0, 8);
    opaque.copy(this.#out.bytes, at);
  }

  /** Acknowledges a PING (section 6.7). @param opaque the eight bytes of the PING */
  pingAck(opaque: Buffer): void {
    const at = this.#frame(FrameType.PING, Flag.ACK, 0, 8);
    opaque.copy(this.#out.bytes, at);
  }

  /** Writes RST_STREAM (section 6.4). @param code an `ErrorCode` */
  reset(streamId: number, code: number): void {
    const at = this.#frame(FrameType.RST_STREAM, 0, streamId, 4);
    writeUint32(this.#out.bytes, at, code);
  }

  /**
   * Writes GOAWAY (section 6.8). @param lastStreamId the peer's last stream; 0 for a client @param code an `ErrorCode`
   */
  goaway(lastStreamId: number, code: number, debug: string = ""): void {
    const length = Buffer.byteLength(debug);
    const at = this.#frame(FrameType.GOAWAY, 0, 0, 8 + length);
    writeUint32(this.#out.bytes, at, lastStreamId);
    writeUint32(this.#out.bytes, at + 4, code);
    this.#out.bytes.write(debug, at + 8);
  }

  /** Writes the rest of a header block that did not fit into HEADERS (section 6.10). */
  #continuations(streamId: number, block: Buffer): void {
    for (let start = this.maxFrameSize; start < block.length; start += this.maxFrameSize) {
      const end = Math.min(start + this.maxFrameSize, block.length);
      this.#header(FrameType.CONTINUATION, end === block.length ? Flag.END_HEADERS : 0, streamId, end - start);
      this.#out.append(block, start, end);
    }
  }

  /** Writes a frame header and reserves its payload after it. Returns the payload's position in the output's bytes. */
  #frame(type: number, flags: number, streamId: number, length: number): number {
    const at = this.#out.reserve(FRAME_HEADER_SIZE + length);
    writeHeader(this.#out.bytes, at, type, flags, streamId, length);
    return at + FRAME_HEADER_SIZE;
  }

  /** Writes only a frame header. */
  #header(type: number, flags: number, streamId: number, length: number): void {
    const at = this.#out.reserve(FRAME_HEADER_SIZE);
    writeHeader(this.#out.bytes, at, type, flags, streamId, length);
  }
}

/** Writes a frame header (section 4.1). */
function writeHeader(bytes: Buffer, at: number, type: number, flags: number, streamId: number, length: number): void {
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  writeUint32(bytes, at + 5, streamId);
}

function writeUint32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
