import type { ErrorCode } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import { errorCodeName } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";
import { FrameReader } from "../../../../../runtime/core/transport/http2/frames/frame-reader.js";
import type { HeaderField } from "../../../../../runtime/core/transport/http2/hpack/header-field.js";
import { encodeFields } from "../../../../../runtime/core/transport/http2/hpack/hpack-encoder.js";
import { Session } from "../../../../../runtime/core/transport/http2/session/http2-session.js";
import { Http2Stream } from "../../../../../runtime/core/transport/http2/session/http2-stream.js";
import type { ResponseFields } from "../../../../../runtime/core/transport/http2/session/response-fields.js";
import type { SessionListener } from "../../../../../runtime/core/transport/http2/session/session-listener.js";
import type { SessionOptions } from "../../../../../runtime/core/transport/http2/session/settings.js";
import type { StreamError } from "../../../../../runtime/core/transport/http2/session/stream-error.js";
import { frame, SERVER_PREFACE, uint32 } from "../frames/frame-bytes.js";
import { FrameRecorder } from "../frames/frame-recorder.js";

const OPTIONS: SessionOptions = { streamWindow: 65_535, connectionWindow: 100_000, maxHeaderListSize: 8_192 };
const MAGIC = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const NOTHING = Buffer.alloc(0);

/** A stream that records its events. */
export class RecordedStream extends Http2Stream {
  readonly events: string[] = [];
  /** The last fields received. */
  fields: ResponseFields | undefined;
  /** The number of data bytes received. */
  received = 0;
  /** Called after each piece of data. */
  onPiece: () => void = () => {};

  override onHeaders(fields: ResponseFields, endStream: boolean): void {
    this.fields = fields;
    this.events.push(`${fields.status ?? "trailers"}${endStream ? " END_STREAM" : ""}`);
  }

  override onData(bytes: Buffer): void {
    this.received += bytes.length;
    this.events.push(`data ${bytes.length}`);
    this.onPiece();
  }

  override onSent(): void {
    this.events.push("sent");
  }

  override onEnd(): void {
    this.events.push("end");
  }

  override onReset(code: number): void {
    this.events.push(`reset ${errorCodeName(code)}`);
  }

  override onError(error: StreamError): void {
    this.events.push(`error ${errorCodeName(error.code)}: ${error.message}`);
  }

  override onLost(wasSent: string, reason: Error): void {
    this.events.push(`lost, sent: ${wasSent}: ${reason.message}`);
  }
}

/** A session whose user and peer are the test. */
export class SessionUnderTest implements SessionListener {
  readonly session: Session;
  /** The events of the session, except its output. */
  readonly events: string[] = [];
  readonly #peer: FrameRecorder = new FrameRecorder();
  readonly #reader: FrameReader = new FrameReader(this.#peer, {
    maxFrameSize: 2 ** 24 - 1,
    maxHeaderBlockSize: 2 ** 24,
  });
  #magicLeft = MAGIC.length;

  /** @param isReady whether the server's first settings were received */
  constructor(options: Partial<SessionOptions> = {}, { isReady = true, firstId = 1 } = {}) {
    this.session = new Session({ ...OPTIONS, ...options }, this, firstId);
    if (!isReady) return;
    this.receive(SERVER_PREFACE);
    this.sent();
  }

  /** Receives frames from the peer. */
  receive(...frames: readonly Buffer[]): void {
    this.session.receive(Buffer.concat(frames));
  }

  /** Opens a stream and ends its side. */
  open(): RecordedStream {
    const stream = new RecordedStream();
    this.session.open(stream, encodeFields([{ name: ":path", value: "/" }]));
    this.session.end(stream);
    return stream;
  }

  /** Opens a stream and keeps its side open. */
  openHalf(): RecordedStream {
    const stream = new RecordedStream();
    this.session.open(stream, encodeFields([{ name: ":path", value: "/" }]));
    return stream;
  }

  /** Sends a number of bytes on a stream. */
  send(stream: Http2Stream, size: number, end: boolean = false): boolean {
    return this.session.send(stream, NOTHING, Buffer.alloc(size), end);
  }

  /** Returns the frames that the session has sent since the last call, one line each. */
  sent(): string[] {
    const output = Buffer.concat(this.session.take());
    const skipped = Math.min(this.#magicLeft, output.length);
    this.#magicLeft -= skipped;
    this.#reader.read(output.subarray(skipped));
    return this.#peer.events.splice(0).map((event) => event.replace(/^(HEADERS \d+|DATA \d+) ".*?"(?= |$)/s, "$1"));
  }

  onOutput(): void {}

  onReady(): void {
    this.events.push("ready");
  }

  onLimit(): void {
    this.events.push(`limit: ${this.session.maxConcurrentStreams}`);
  }

  onPong(): void {
    this.events.push("pong");
  }

  onDraining(reason: string): void {
    this.events.push(`draining: ${reason}`);
  }

  onIdle(): void {
    this.events.push("idle");
  }

  onClosed(reason: Error): void {
    this.events.push(`closed: ${reason.message}`);
  }
}

/** Encodes a HEADERS frame. Fields are given as `name: value`. */
export function headers(streamId: number, fields: readonly string[], endStream: boolean = false): Buffer {
  const flags = Flag.END_HEADERS | (endStream ? Flag.END_STREAM : 0);
  return frame(FrameType.HEADERS, flags, streamId, encodeFields(fields.map(fieldOf)));
}

function fieldOf(text: string): HeaderField {
  const [, name = "", value = ""] = /^(:?[^:]*): ?(.*)$/s.exec(text) ?? [];
  return { name, value };
}

export function data(streamId: number, size: number, endStream: boolean = false): Buffer {
  return frame(FrameType.DATA, endStream ? Flag.END_STREAM : 0, streamId, Buffer.alloc(size));
}

export function reset(streamId: number, code: ErrorCode): Buffer {
  return frame(FrameType.RST_STREAM, 0, streamId, uint32(code));
}

export function goaway(lastStreamId: number, code: ErrorCode, text: string = ""): Buffer {
  const payload = Buffer.concat([uint32(lastStreamId), uint32(code), Buffer.from(text)]);
  return frame(FrameType.GOAWAY, 0, 0, payload);
}

export function windowUpdate(streamId: number, increment: number): Buffer {
  return frame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(increment));
}

/** Encodes a SETTINGS frame of ids and values. */
export function settings(...values: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = values.map(([id, value]) => Buffer.concat([Buffer.of(id >> 8, id & 0xff), uint32(value)]));
  return frame(FrameType.SETTINGS, 0, 0, Buffer.concat(payload));
}

export const PING: Buffer = frame(FrameType.PING, 0, 0, "12345678");
