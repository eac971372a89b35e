import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode, errorCodeName } from "../frames/error-code.js";
import { DEFAULT_MAX_FRAME_SIZE, DEFAULT_WINDOW_SIZE, MAX_31_BITS } from "../frames/frame.js";
import type { FrameHandler } from "../frames/frame-handler.js";
import { FrameReader } from "../frames/frame-reader.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { OutputBuffer } from "../frames/output-buffer.js";
import { type Setting, SettingId } from "../frames/setting.js";
import { HpackEncoder } from "../hpack/hpack-encoder.js";
import type { ClientStream } from "./client-stream.js";
import { HeaderBlocks } from "./header-blocks.js";
import { IdleFrames } from "./idle-frames.js";
import type { ResponseFields } from "./response-fields.js";
import { Sending } from "./sending.js";
import { ownSettings, PeerSettings, type SessionOptions } from "./settings.js";
import { StreamError } from "./stream-error.js";

/** Hears what concerns a whole session. */
export interface SessionListener {
  /** There is something to write, where there was nothing. */
  onOutput(): void;
  /** The peer has sent its first settings: it speaks HTTP/2. */
  onReady(): void;
  /** The peer has answered a ping. */
  onPong(): void;
  /** The session takes no more streams; those that are open go on. @param reason why, for a log */
  onDraining(reason: string, code: number, debug: string): void;
  /** The last of the open streams is gone. */
  onIdle(): void;
  /** The session is over. What is in its output may still be written. */
  onClosed(reason: Error): void;
}

/**
 * The client's side of an HTTP/2 connection, without a socket, a timer or a promise: RFC 9113. What the peer sends goes
 * in by {@link receive}; what it shall be sent comes out by {@link take}. It makes requests only, and takes no push.
 *
 * Nothing that a peer sends makes it throw, or take more memory than its {@link SessionOptions} and the streams of its
 * user say.
 */
export class Session implements FrameHandler {
  readonly #listener: SessionListener;
  readonly #options: SessionOptions;
  readonly #output: OutputBuffer = new OutputBuffer();
  readonly #writer: FrameWriter = new FrameWriter(this.#output);
  readonly #encoder: HpackEncoder = new HpackEncoder();
  readonly #reader: FrameReader;
  readonly #headerBlocks: HeaderBlocks;
  readonly #idleFrames: IdleFrames = new IdleFrames();
  readonly #sending: Sending = new Sending(this.#output, this.#writer);
  readonly #peer: PeerSettings = new PeerSettings();
  /** The streams that are open, by id. */
  readonly #streams: Map<number, ClientStream> = new Map();
  /** Those that wait in line, as the peer allows no more. */
  readonly #line: Set<ClientStream> = new Set();
  #nextId: number;
  /** Streams from this id on have not been written yet. */
  #unwrittenId: number;
  #lastProcessedId = MAX_31_BITS;
  #receiveWindow: number;
  #isReady = false;
  #isDraining = false;
  #isOver = false;
  #isReceiving = false;

  /** @param firstId the first stream's id, for tests */
  constructor(options: SessionOptions, listener: SessionListener, firstId: number = 1) {
    this.#options = options;
    this.#listener = listener;
    this.#nextId = firstId;
    this.#unwrittenId = firstId;
    this.#receiveWindow = options.connectionWindow;
    this.#headerBlocks = new HeaderBlocks(options.maxHeaderListSize);
    this.#reader = new FrameReader(this, {
      maxFrameSize: DEFAULT_MAX_FRAME_SIZE,
      maxHeaderBlockSize: options.maxHeaderListSize,
    });
    this.#writer.preface(ownSettings(options));
    const more = options.connectionWindow - DEFAULT_WINDOW_SIZE;
    if (more > 0) this.#writer.windowUpdate(0, more);
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

  /** How many bytes there are to write. */
  get outputSize(): number {
    return this.#output.size;
  }

  /** Opens a stream, or lets it wait in line. It must be {@link isOpen}. */
  open(stream: ClientStream, block: Buffer): void {
    if (this.#hasRoom && this.#line.size === 0) this.#begin(stream, block);
    else {
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
    if (this.#line.delete(stream)) return;
    if (!this.#forget(stream)) return;
    this.#writer.reset(stream.id, code);
    this.#wrote();
    this.#afterEnd();
  }

  /** Gives a stream's window back, as its `isHeld` has ended. */
  release(stream: ClientStream): void {
    if (this.#streams.has(stream.id)) this.#giveBack(stream);
  }

  /** Sends a ping. */
  ping(): void {
    this.#writer.ping(PING);
    this.#wrote();
  }

  /** Takes no more streams. Those that are open go on. */
  drain(): void {
    this.#drain("closed by this side", ErrorCode.NO_ERROR, "");
  }

  /** Takes what there is to write. */
  take(): Buffer[] {
    this.#unwrittenId = this.#nextId;
    return this.#output.take();
  }

  /** Says whether the peer reads: streams wait while it does not. */
  setBlocked(isBlocked: boolean): void {
    this.#sending.isBlocked = isBlocked;
    if (isBlocked) return;
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
      const failure =
        error instanceof ConnectionError ? error : new ConnectionError(ErrorCode.INTERNAL_ERROR, "a listener failed");
      this.#fail(failure);
      if (failure !== error) throw error;
    } finally {
      this.#isReceiving = false;
    }
    this.#wrote();
  }

  /** The connection is gone, or given up. */
  lose(reason: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const line = [...this.#line];
    const streams = [...this.#streams.values()];
    this.#line.clear();
    this.#streams.clear();
    this.#listener.onClosed(reason);
    for (const stream of line) stream.onLost("no", reason);
    for (const stream of streams) stream.onLost(stream.id < this.#unwrittenId ? "yes" : "no", reason);
  }

  onHeaders(streamId: number, block: Buffer, endStream: boolean): void {
    // The decoder's state follows all blocks, whether anybody wants their fields or not.
    const fields = this.#headerBlocks.read(block);
    const stream = this.#streamOf(streamId, "HEADERS");
    if (stream === undefined) return;
    const fault = faultOf(fields, stream.hasHeaders, endStream);
    if (fault !== undefined) {
      this.#failStream(stream, new StreamError(ErrorCode.PROTOCOL_ERROR, fault));
      return;
    }
    if (fields.status !== undefined && fields.status < 200) {
      this.#idleFrames.count("interim HEADERS");
      return;
    }
    this.#idleFrames.progress();
    stream.hasHeaders = true;
    stream.onHeaders(fields, endStream);
    if (endStream) this.#endStream(stream);
  }

  onData(streamId: number, bytes: Buffer, flowSize: number, endStream: boolean): void {
    this.#receiveWindow -= flowSize;
    if (this.#receiveWindow < 0) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window of the connection allows");
    }
    // Whoever pauses a stream holds that stream back, and no other.
    const used = this.#options.connectionWindow - this.#receiveWindow;
    if (used >= this.#options.connectionWindow / 2) {
      this.#writer.windowUpdate(0, used);
      this.#receiveWindow += used;
    }
    const stream = this.#streamOf(streamId, "DATA");
    if (stream === undefined) return;
    stream.receiveWindow -= flowSize;
    stream.used += flowSize;
    if (stream.receiveWindow < 0) {
      const message = "more data than the window of the stream allows";
      this.#failStream(stream, new StreamError(ErrorCode.FLOW_CONTROL_ERROR, message));
      return;
    }
    if (!stream.hasHeaders) {
      this.#failStream(stream, new StreamError(ErrorCode.PROTOCOL_ERROR, "DATA before HEADERS"));
      return;
    }
    if (bytes.length > 0) {
      this.#idleFrames.progress();
      stream.onData(bytes);
    } else if (!endStream) {
      this.#idleFrames.count("empty DATA");
    }
    if (endStream) this.#endStream(stream);
    else if (!stream.isHeld) this.#giveBack(stream);
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
    this.#idleFrames.count("PING");
    if (opaque.equals(PING)) this.#listener.onPong();
  }

  onGoaway(lastStreamId: number, code: number, debug: Buffer): void {
    this.#idleFrames.count("GOAWAY");
    if (lastStreamId > this.#lastProcessedId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `GOAWAY of stream ${lastStreamId} behind one of a lower`);
    }
    this.#lastProcessedId = lastStreamId;
    const text = debug.latin1Slice(0, 256);
    const reason = `the server says goodbye: ${errorCodeName(code)} ${text}`.trimEnd();
    this.#drain(reason, code, text);
    const unprocessed = [...this.#streams.values()].filter((stream) => stream.id > lastStreamId);
    for (const stream of unprocessed) {
      if (!this.#forget(stream)) continue;
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
        if (!(error instanceof StreamError)) throw error;
        this.#failStream(stream, error);
      }
    }
    this.#pump();
  }

  #apply({ id, value }: Setting): void {
    switch (id) {
      case SettingId.MAX_CONCURRENT_STREAMS:
        this.#peer.maxConcurrentStreams = value;
        break;
      case SettingId.HEADER_TABLE_SIZE:
        this.#encoder.limitTable(value);
        break;
      case SettingId.MAX_FRAME_SIZE:
        this.#writer.maxFrameSize = value;
        break;
      case SettingId.INITIAL_WINDOW_SIZE:
        this.#applyWindowSize(value);
        break;
    }
  }

  /** It changes the windows of the streams that are open, too: RFC 9113, section 6.9.2. */
  #applyWindowSize(size: number): void {
    const more = size - this.#peer.initialWindowSize;
    this.#peer.initialWindowSize = size;
    for (const stream of this.#streams.values()) {
      try {
        this.#sending.widenStream(stream, more);
      } catch (error) {
        if (!(error instanceof StreamError)) throw error;
        throw new ConnectionError(error.code, `${error.message}, by SETTINGS_INITIAL_WINDOW_SIZE`);
      }
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
      const { block } = stream;
      stream.block = undefined;
      if (block !== undefined) this.#begin(stream, block);
    }
  }

  #begin(stream: ClientStream, block: Buffer): void {
    stream.id = this.#nextId;
    stream.sendWindow = this.#peer.initialWindowSize;
    stream.receiveWindow = this.#options.streamWindow;
    this.#nextId += 2;
    this.#streams.set(stream.id, stream);
    this.#writer.headers(stream.id, block, false);
    if (stream.queue.length > 0) {
      this.#sending.add(stream);
      this.#pump();
    } else if (stream.hasEnded) {
      this.#sending.end(stream);
    }
    this.#wrote();
    if (this.#nextId > MAX_31_BITS) this.#drain("the connection has no more stream ids", ErrorCode.NO_ERROR, "");
  }

  #pump(): void {
    if (this.#sending.pump()) this.#idleFrames.progress();
  }

  /**
   * The stream of a frame, unless it is closed.
   *
   * @throws ConnectionError for one that has not been opened
   */
  #streamOf(streamId: number, kind: string): ClientStream | undefined {
    const stream = this.#streams.get(streamId);
    if (stream !== undefined) return stream;
    if (streamId % 2 === 0 || streamId >= this.#nextId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${kind} on stream ${streamId}, which is not open`);
    }
    this.#idleFrames.count(`${kind} on a closed stream`);
    return undefined;
  }

  /** The peer has ended its side. A response that is complete needs no more of the request. */
  #endStream(stream: ClientStream): void {
    // Its listener may have given it up meanwhile.
    if (!this.#forget(stream)) return;
    if (!stream.hasEnded || stream.queue.length > 0) this.#writer.reset(stream.id, ErrorCode.NO_ERROR);
    stream.onEnd();
    this.#afterEnd();
  }

  #failStream(stream: ClientStream, error: StreamError): void {
    if (!this.#forget(stream)) return;
    this.#writer.reset(stream.id, error.code);
    stream.onError(error);
    this.#afterEnd();
  }

  #forget(stream: ClientStream): boolean {
    this.#sending.remove(stream);
    return this.#streams.delete(stream.id);
  }

  /** A stream has ended: another may take its place. */
  #afterEnd(): void {
    if (this.#line.size > 0) this.#admit();
    if (this.streamCount === 0) this.#listener.onIdle();
  }

  /** Gives the peer the window back that a stream has used up, once it is half of it. */
  #giveBack(stream: ClientStream): void {
    if (stream.used < this.#options.streamWindow / 2 || !this.#streams.has(stream.id)) return;
    this.#writer.windowUpdate(stream.id, stream.used);
    stream.receiveWindow += stream.used;
    stream.used = 0;
    this.#wrote();
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

/** What our pings carry. */
const PING = Buffer.from("keepaliv", "latin1");

/** What is wrong with the fields of a response where they are. */
function faultOf(fields: ResponseFields, isTrailers: boolean, endStream: boolean): string | undefined {
  if (fields.malformed !== undefined) return fields.malformed;
  if (isTrailers) {
    if (fields.status !== undefined) return "a :status in trailers";
    return endStream ? undefined : "trailers that do not end the stream";
  }
  if (fields.status === undefined) return "no :status";
  if (fields.status === 101) return "the status 101, which HTTP/2 does not have";
  return fields.status < 200 && endStream ? "an interim response that ends the stream" : undefined;
}
