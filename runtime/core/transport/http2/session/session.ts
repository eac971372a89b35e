import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode, errorCodeName } from "../frames/error-code.js";
import { DEFAULT_MAX_FRAME_SIZE, MAX_31_BITS } from "../frames/frame.js";
import type { FrameHandler } from "../frames/frame-handler.js";
import { FrameReader } from "../frames/frame-reader.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { OutputBuffer } from "../frames/output-buffer.js";
import { type Setting, SettingId } from "../frames/setting.js";
import { HpackEncoder } from "../hpack/hpack-encoder.js";
import type { ClientStream } from "./client-stream.js";
import { HeaderBlocks } from "./header-blocks.js";
import { IdleFrames } from "./idle-frames.js";
import { Receiving } from "./receiving.js";
import { faultOf } from "./response-fields.js";
import { Sending } from "./sending.js";
import type { SessionListener } from "./session-listener.js";
import { ownSettings, PeerSettings, type SessionOptions } from "./settings.js";
import { StreamError } from "./stream-error.js";
import { StreamTable } from "./stream-table.js";

/** What our pings carry. */
const PING = Buffer.from("keepaliv", "latin1");

/**
 * How many times the size of the largest header list a header block may take. Within it, a list that is too large is
 * decoded to its end and costs its stream alone. No encoder needs more: in the worst Huffman code a byte becomes 30 bits.
 */
const MOST_CODED = 4;

/** The most of a GOAWAY's text that is told. */
const MOST_TEXT = 256;

/**
 * The client's side of an HTTP/2 connection, without a socket, a timer or a promise: RFC 9113. What the peer sends goes
 * in by {@link receive}; what it shall be sent comes out by {@link take}. It makes requests only, and takes no push.
 *
 * Nothing that a peer sends makes it throw, or take more memory than its {@link SessionOptions} and the streams of its
 * user say.
 */
export class Session implements FrameHandler {
  readonly #listener: SessionListener;
  readonly #output: OutputBuffer = new OutputBuffer();
  readonly #writer: FrameWriter = new FrameWriter(this.#output);
  readonly #encoder: HpackEncoder = new HpackEncoder();
  readonly #reader: FrameReader;
  readonly #headerBlocks: HeaderBlocks;
  readonly #sending: Sending = new Sending(this.#output, this.#writer);
  readonly #receiving: Receiving;
  readonly #idleFrames: IdleFrames = new IdleFrames();
  readonly #peer: PeerSettings = new PeerSettings();
  readonly #streams: StreamTable;
  /** Streams that wait in line, as the peer allows no more. */
  readonly #line: Set<ClientStream> = new Set();
  readonly #streamWindow: number;
  #lastProcessedId = MAX_31_BITS;
  #isReady = false;
  #isDraining = false;
  #isOver = false;
  #isReceiving = false;
  /** Whether a ping of ours has not been answered. */
  #awaitsPong = false;

  /** @param firstId the first stream's id, for tests */
  constructor(options: SessionOptions, listener: SessionListener, firstId: number = 1) {
    this.#listener = listener;
    this.#streams = new StreamTable(firstId);
    this.#streamWindow = options.streamWindow;
    this.#headerBlocks = new HeaderBlocks(options.maxHeaderListSize);
    this.#receiving = new Receiving(options, this.#writer);
    this.#reader = new FrameReader(this, {
      maxFrameSize: DEFAULT_MAX_FRAME_SIZE,
      maxHeaderBlockSize: MOST_CODED * options.maxHeaderListSize,
    });
    this.#writer.preface(ownSettings(options));
    this.#receiving.begin();
  }

  /** For header blocks; each must be given to {@link open} before the next is begun. */
  get encoder(): HpackEncoder {
    return this.#encoder;
  }

  /** How many streams the peer allows to be open. It is known when the session is ready. */
  get maxConcurrentStreams(): number {
    return this.#peer.maxConcurrentStreams;
  }

  /** How many streams there are, with those that wait in line. */
  get streamCount(): number {
    return this.#streams.size + this.#line.size;
  }

  /** Whether it takes new streams. */
  get isOpen(): boolean {
    return this.#isReady && !this.#isDraining && !this.#isOver;
  }

  /** Opens a stream, or lets it wait in line. The session must be {@link isOpen}. */
  open(stream: ClientStream, block: Buffer): void {
    if (this.#hasRoom && this.#line.size === 0) {
      this.#begin(stream, block);
    } else {
      stream.block = Buffer.from(block);
      this.#line.add(stream);
    }
  }

  /**
   * Sends data of a stream, in two parts.
   *
   * @param head is copied
   * @param body must not be changed any more
   * @returns whether all is on its way; if not, the stream hears `onSent`
   */
  send(stream: ClientStream, head: Buffer, body: Buffer, end: boolean): boolean {
    const isSent = this.#sending.send(stream, head, body, end);
    if (!isSent) this.#pump();
    this.#wrote();
    return isSent;
  }

  /** Ends our side of a stream. */
  end(stream: ClientStream): void {
    this.#sending.end(stream);
    this.#wrote();
  }

  /** Gives a stream up. It hears nothing more, and frames of it that still come are passed over. */
  reset(stream: ClientStream, code: ErrorCode): void {
    if (this.#line.delete(stream)) this.#afterEnd();
    else if (this.#forget(stream)) this.#reset(stream, code);
  }

  /** Gives a stream's window back, as its `isHeld` has ended. */
  release(stream: ClientStream): void {
    if (!this.#streams.has(stream)) return;
    this.#receiving.giveBack(stream);
    this.#wrote();
  }

  /** Sends a ping. */
  ping(): void {
    this.#writer.ping(PING);
    this.#awaitsPong = true;
    this.#wrote();
  }

  /** Takes no more streams. Those that are open go on. */
  drain(): void {
    this.#drain("closed by this side", ErrorCode.NO_ERROR, "");
  }

  /** Takes what there is to write. */
  take(): Buffer[] {
    this.#streams.written();
    return this.#output.take();
  }

  /** Says whether the peer does not read: streams wait meanwhile. */
  setBlocked(isBlocked: boolean): void {
    this.#sending.isBlocked = isBlocked;
    if (isBlocked || this.#isOver) return;
    this.#idleFrames.written();
    this.#pump();
    this.#admit();
    this.#wrote();
  }

  /** Takes what the peer has sent. @throws what a listener throws; the session is over then */
  receive(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#isReceiving = true;
    try {
      this.#reader.read(chunk);
    } catch (error) {
      const isOurs = error instanceof ConnectionError;
      this.#fail(isOurs ? error : new ConnectionError(ErrorCode.INTERNAL_ERROR, "a listener failed"));
      if (!isOurs) throw error;
    } finally {
      this.#isReceiving = false;
    }
    this.#wrote();
  }

  /** The connection is gone, or given up. */
  lose(reason: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const lost = [...this.#line, ...this.#streams.all()];
    this.#line.clear();
    this.#listener.onClosed(reason);
    for (const stream of lost) {
      if (stream.id > 0 && !this.#streams.delete(stream)) continue;
      stream.onLost(stream.id > 0 && this.#streams.isWritten(stream) ? "yes" : "no", reason);
    }
  }

  onHeaders(streamId: number, block: Buffer, endStream: boolean): void {
    // The decoder's state follows all blocks, whether anybody wants their fields or not.
    const fields = this.#headerBlocks.read(block);
    const stream = this.#streamOf(streamId, "HEADERS");
    if (stream === undefined) return;
    const fault = faultOf(fields, stream.hasHeaders, endStream);
    if (fault !== undefined) {
      this.#failStream(stream, new StreamError(ErrorCode.PROTOCOL_ERROR, fault));
    } else if (fields.status !== undefined && fields.status < 200) {
      this.#idleFrames.count("interim HEADERS");
    } else {
      this.#idleFrames.progress();
      stream.hasHeaders = true;
      stream.onHeaders(fields, endStream);
      if (endStream) this.#endStream(stream);
    }
  }

  onData(streamId: number, bytes: Buffer, flowSize: number, endStream: boolean): void {
    this.#receiving.take(flowSize);
    const stream = this.#streams.of(streamId, "DATA");
    if (stream === undefined) {
      const isLate = bytes.length > 0 && this.#receiving.takeLate(flowSize);
      if (!isLate) this.#idleFrames.count("DATA on a closed stream");
      return;
    }
    try {
      this.#receiving.takeOf(stream, flowSize);
      if (!stream.hasHeaders) throw new StreamError(ErrorCode.PROTOCOL_ERROR, "DATA before HEADERS");
    } catch (error) {
      this.#failStream(stream, error);
      return;
    }
    if (bytes.length > 0) {
      this.#idleFrames.progress();
      stream.onData(bytes);
    } else if (!endStream) {
      this.#idleFrames.count("empty DATA");
    }
    if (endStream) this.#endStream(stream);
    else if (!stream.isHeld) this.release(stream);
  }

  onReset(streamId: number, code: number): void {
    const stream = this.#streamOf(streamId, "RST_STREAM");
    if (stream === undefined) return;
    this.#forget(stream);
    stream.onReset(code);
    this.#afterEnd();
  }

  onSettings(settings: readonly Setting[]): void {
    this.#idleFrames.count("SETTINGS");
    for (const setting of settings) this.#apply(setting);
    this.#writer.settingsAck();
    if (this.#sending.isBlocked) this.#idleFrames.answer("SETTINGS");
    this.#pump();
    this.#admit();
    if (this.#isReady) return;
    this.#isReady = true;
    this.#listener.onReady();
  }

  onSettingsAck(): void {
    this.#idleFrames.count("SETTINGS");
  }

  onPing(opaque: Buffer): void {
    this.#idleFrames.count("PING");
    this.#writer.pingAck(opaque);
    if (this.#sending.isBlocked) this.#idleFrames.answer("PING");
  }

  onPingAck(opaque: Buffer): void {
    if (!this.#awaitsPong || !opaque.equals(PING)) {
      this.#idleFrames.count("PING");
      return;
    }
    this.#awaitsPong = false;
    this.#idleFrames.progress();
    this.#listener.onPong();
  }

  onGoaway(lastStreamId: number, code: number, debug: Buffer): void {
    this.#idleFrames.count("GOAWAY");
    if (lastStreamId > this.#lastProcessedId) {
      const message = `GOAWAY with stream ${lastStreamId}, behind one with stream ${this.#lastProcessedId}`;
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, message);
    }
    this.#lastProcessedId = lastStreamId;
    const text = debug.toString("latin1", 0, MOST_TEXT);
    const reason = `GOAWAY from the server: ${errorCodeName(code)} ${text}`.trimEnd();
    this.#drain(reason, code, text);
    for (const stream of [...this.#streams.all()]) {
      if (stream.id <= lastStreamId || !this.#forget(stream)) continue;
      stream.onLost("unprocessed", new Error(reason));
      this.#afterEnd();
    }
  }

  onWindowUpdate(streamId: number, increment: number): void {
    this.#idleFrames.count("WINDOW_UPDATE");
    if (streamId === 0) {
      this.#sending.widen(increment);
    } else {
      const stream = this.#streamOf(streamId, "WINDOW_UPDATE");
      if (stream === undefined) return;
      try {
        this.#sending.widenStream(stream, increment);
      } catch (error) {
        this.#failStream(stream, error);
      }
    }
    this.#pump();
  }

  #apply({ id, value }: Setting): void {
    if (id === SettingId.MAX_CONCURRENT_STREAMS) this.#peer.maxConcurrentStreams = value;
    else if (id === SettingId.HEADER_TABLE_SIZE) this.#encoder.limitTable(value);
    else if (id === SettingId.MAX_FRAME_SIZE) this.#writer.maxFrameSize = value;
    else if (id === SettingId.INITIAL_WINDOW_SIZE) {
      this.#sending.widenAll(this.#streams.all(), value - this.#peer.initialWindowSize);
      this.#peer.initialWindowSize = value;
    }
  }

  get #hasRoom(): boolean {
    return this.#streams.size < this.#peer.maxConcurrentStreams && this.#sending.isOpen;
  }

  /** Opens streams that wait in line, as far as there is room. */
  #admit(): void {
    for (const stream of this.#line) {
      if (!this.#hasRoom || !this.isOpen) return;
      this.#line.delete(stream);
      if (stream.block !== undefined) this.#begin(stream, stream.block);
    }
  }

  #begin(stream: ClientStream, block: Buffer): void {
    stream.block = undefined;
    stream.sendWindow = this.#peer.initialWindowSize;
    stream.receiveWindow = this.#streamWindow;
    this.#streams.add(stream);
    this.#writer.headers(stream.id, this.#encoder.withTableSize(block), false);
    if (stream.queue.length > 0) {
      this.#sending.add(stream);
      this.#pump();
    } else if (stream.hasEnded) {
      this.#sending.end(stream);
    }
    this.#wrote();
    if (this.#streams.isExhausted) this.#drain("the connection has no more stream ids", ErrorCode.NO_ERROR, "");
  }

  #pump(): void {
    if (this.#sending.pump()) this.#idleFrames.progress();
  }

  /** The stream of a frame, unless it is closed. */
  #streamOf(streamId: number, kind: string): ClientStream | undefined {
    const stream = this.#streams.of(streamId, kind);
    if (stream === undefined) this.#idleFrames.count(`${kind} on a closed stream`);
    return stream;
  }

  /** The peer has ended its side. A response that is complete needs no more of the request. */
  #endStream(stream: ClientStream): void {
    // Its listener may have given it up meanwhile.
    if (!this.#forget(stream)) return;
    if (!stream.hasEnded || stream.queue.length > 0) this.#writer.reset(stream.id, ErrorCode.NO_ERROR);
    stream.onEnd();
    this.#afterEnd();
  }

  /** Ends a stream for what is wrong with it; anything else is thrown on. */
  #failStream(stream: ClientStream, error: unknown): void {
    if (!(error instanceof StreamError)) throw error;
    if (!this.#forget(stream)) return;
    stream.onError(error);
    this.#reset(stream, error.code);
  }

  #reset(stream: ClientStream, code: ErrorCode): void {
    this.#receiving.giveUp(stream);
    this.#writer.reset(stream.id, code);
    this.#wrote();
    this.#afterEnd();
  }

  #forget(stream: ClientStream): boolean {
    this.#sending.remove(stream);
    return this.#streams.delete(stream);
  }

  /** A stream has ended: another may take its place. */
  #afterEnd(): void {
    if (this.#line.size > 0) this.#admit();
    if (this.streamCount === 0) this.#listener.onIdle();
  }

  #drain(reason: string, code: number, debug: string): void {
    const isNew = !this.#isDraining;
    this.#isDraining = true;
    const line = [...this.#line];
    this.#line.clear();
    if (isNew) this.#listener.onDraining(reason, code, debug);
    for (const stream of line) stream.onLost("no", new Error(reason));
    if (this.streamCount === 0) this.#listener.onIdle();
  }

  #fail(error: ConnectionError): void {
    this.#writer.goaway(0, error.code, error.message);
    this.#listener.onOutput();
    this.lose(error);
  }

  /** Has the output written, which {@link receive} does once for all that it brings. */
  #wrote(): void {
    if (!this.#isReceiving && this.#output.size > 0) this.#listener.onOutput();
  }
}
