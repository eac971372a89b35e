import { ErrorCode } from "../frames/error-code.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { HpackEncoder } from "../hpack/hpack-encoder.js";
import type { Http2Stream } from "./http2-stream.js";
import type { Receiving } from "./receiving.js";
import type { Sending } from "./sending.js";
import type { SessionListener } from "./session-listener.js";
import type { PeerSettings } from "./settings.js";
import { StreamError } from "./stream-error.js";
import { StreamTable } from "./stream-table.js";

/** The parts of a session that its streams need. */
export interface StreamSurroundings {
  readonly listener: SessionListener;
  readonly writer: FrameWriter;
  readonly encoder: HpackEncoder;
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly peer: PeerSettings;
  /** The initial size of a stream's receive window, in bytes. */
  readonly streamWindow: number;
}

/** Opens and ends the streams of a session. Streams for which there is no room wait in a queue. */
export class OpenStreams {
  readonly #with: StreamSurroundings;
  readonly #table: StreamTable;
  /** Queued streams. They wait because the peer allows no more streams or does not read. */
  readonly #line: Set<Http2Stream> = new Set();
  #isDraining = false;

  /** @param firstId the first stream's id */
  constructor(surroundings: StreamSurroundings, firstId: number) {
    this.#with = surroundings;
    this.#table = new StreamTable(firstId);
  }

  /** The number of streams, including queued ones. */
  get count(): number {
    return this.#table.size + this.#line.size;
  }

  /** Whether no new streams are accepted. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Returns the open streams. */
  all(): readonly Http2Stream[] {
    return this.#table.all();
  }

  /** Whether a stream is open. */
  has(stream: Http2Stream): boolean {
    return this.#table.has(stream);
  }

  /**
   * Returns the stream of a frame; `undefined` if it is closed.
   *
   * @throws ConnectionError for a stream that has not been opened
   */
  of(streamId: number, kind: string): Http2Stream | undefined {
    return this.#table.of(streamId, kind);
  }

  /** Marks all open streams as written to the socket. */
  written(): void {
    this.#table.written();
  }

  /** Opens a stream, or queues it. */
  open(stream: Http2Stream, block: Buffer): void {
    if (this.#hasRoom && this.#line.size === 0) {
      this.#begin(stream, block);
    } else {
      stream.block = Buffer.from(block);
      this.#line.add(stream);
    }
  }

  /** Opens queued streams while there is room. */
  admit(): void {
    for (const stream of this.#line) {
      if (!this.#hasRoom) return;
      this.#line.delete(stream);
      if (stream.block !== undefined) this.#begin(stream, stream.block);
    }
  }

  /** Cancels a stream. Its methods are not called any more. */
  giveUp(stream: Http2Stream, code: ErrorCode): void {
    if (this.#line.delete(stream)) this.#afterEnd();
    else if (this.#forget(stream)) this.#reset(stream, code);
  }

  /** Resets a stream because of an error. Rethrows any error that is not a {@link StreamError}. */
  fail(stream: Http2Stream, error: unknown): void {
    if (!(error instanceof StreamError)) throw error;
    if (!this.#forget(stream)) return;
    stream.onError(error);
    this.#reset(stream, error.code);
  }

  /** Handles the end of the peer's side. If the response is complete, the rest of the request is not needed. */
  end(stream: Http2Stream): void {
    if (stream.dataLeft > 0) {
      this.fail(stream, new StreamError(ErrorCode.PROTOCOL_ERROR, "less data than its content-length says"));
      return;
    }
    // The listener may have canceled it meanwhile.
    if (!this.#forget(stream)) return;
    if (!stream.hasEnded || stream.queue.length > 0) this.#with.writer.reset(stream.id, ErrorCode.NO_ERROR);
    stream.onEnd();
    this.#afterEnd();
  }

  /** Handles the peer's reset of a stream. */
  endByReset(stream: Http2Stream, code: number): void {
    this.#forget(stream);
    stream.onReset(code);
    this.#afterEnd();
  }

  /** Stops accepting streams and drops the queued ones. Open streams continue. */
  drain(reason: string, code: number, debug: string): void {
    const isNew = !this.#isDraining;
    this.#isDraining = true;
    const line = [...this.#line];
    this.#line.clear();
    if (isNew) this.#with.listener.onDraining(reason, code, debug);
    this.#tellLost(line, reason);
  }

  /** Drops the queued streams. */
  loseLine(reason: string): void {
    const line = [...this.#line];
    this.#line.clear();
    if (line.length > 0) this.#tellLost(line, reason);
  }

  /**
   * Drops the streams that the peer has not processed, i.e. those after the last stream of its GOAWAY: RFC 9113,
   * section 6.8.
   */
  loseBehind(lastStreamId: number, reason: string): void {
    for (const stream of this.#table.all()) {
      if (stream.id <= lastStreamId || !this.#forget(stream)) continue;
      stream.onLost("unprocessed", new Error(reason));
      this.#afterEnd();
    }
  }

  /** Drops all streams because the connection has closed. @param tell called before the streams are notified */
  loseAll(reason: Error, tell: () => void): void {
    const lost = [...this.#line, ...this.#table.all()];
    this.#line.clear();
    tell();
    for (const stream of lost) {
      if (stream.id > 0 && !this.#table.delete(stream)) continue;
      stream.onLost(stream.id > 0 && this.#table.isWritten(stream) ? "yes" : "no", reason);
    }
  }

  /** @param line the streams that were queued */
  #tellLost(line: readonly Http2Stream[], reason: string): void {
    for (const stream of line) stream.onLost("no", new Error(reason));
    if (this.count === 0) this.#with.listener.onIdle();
  }

  get #hasRoom(): boolean {
    const { peer, sending } = this.#with;
    return this.#table.size < peer.maxConcurrentStreams && sending.isOpen;
  }

  #begin(stream: Http2Stream, block: Buffer): void {
    const { writer, encoder, sending, peer, streamWindow } = this.#with;
    stream.block = undefined;
    stream.sendWindow = peer.initialWindowSize;
    stream.receiveWindow = streamWindow;
    this.#table.add(stream);
    writer.headers(stream.id, encoder.withTableSize(block), false);
    if (stream.queue.length > 0) {
      sending.add(stream);
      sending.pump();
    } else if (stream.hasEnded) {
      sending.end(stream);
    }
    if (this.#table.isExhausted) this.drain("the connection has no more stream ids", ErrorCode.NO_ERROR, "");
  }

  #reset(stream: Http2Stream, code: ErrorCode): void {
    this.#with.receiving.giveUp(stream);
    this.#with.writer.reset(stream.id, code);
    this.#afterEnd();
  }

  /** @returns whether the stream was open */
  #forget(stream: Http2Stream): boolean {
    this.#with.sending.remove(stream);
    return this.#table.delete(stream);
  }

  /** Opens queued streams in place of one that has ended. */
  #afterEnd(): void {
    if (this.#line.size > 0) this.admit();
    if (this.count === 0) this.#with.listener.onIdle();
  }
}
