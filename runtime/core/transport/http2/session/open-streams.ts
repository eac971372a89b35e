import { ErrorCode } from "../frames/error-code.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { HpackEncoder } from "../hpack/hpack-encoder.js";
import type { ClientStream } from "./client-stream.js";
import type { Receiving } from "./receiving.js";
import type { Sending } from "./sending.js";
import type { SessionListener } from "./session-listener.js";
import type { PeerSettings } from "./settings.js";
import { StreamError } from "./stream-error.js";
import { StreamTable } from "./stream-table.js";

/** What the streams of a session are opened and ended with. */
export interface StreamSurroundings {
  readonly listener: SessionListener;
  readonly writer: FrameWriter;
  readonly encoder: HpackEncoder;
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly peer: PeerSettings;
  /** The size at which a stream's window for receiving begins. */
  readonly streamWindow: number;
}

/** Opens the streams of a session, lets those wait in line for which there is no room, and ends them. */
export class OpenStreams {
  readonly #with: StreamSurroundings;
  readonly #table: StreamTable;
  /** Streams that wait in line, as the peer allows no more, or does not read. */
  readonly #line: Set<ClientStream> = new Set();
  #isDraining = false;

  /** @param firstId the first stream's id */
  constructor(surroundings: StreamSurroundings, firstId: number) {
    this.#with = surroundings;
    this.#table = new StreamTable(firstId);
  }

  /** How many there are, with those that wait in line. */
  get count(): number {
    return this.#table.size + this.#line.size;
  }

  /** Whether no more are taken. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Those that are open. */
  all(): IterableIterator<ClientStream> {
    return this.#table.all();
  }

  /** Whether a stream is open. */
  has(stream: ClientStream): boolean {
    return this.#table.has(stream);
  }

  /**
   * The stream of a frame; `undefined` if it is closed.
   *
   * @throws ConnectionError for a stream that has not been opened
   */
  of(streamId: number, kind: string): ClientStream | undefined {
    return this.#table.of(streamId, kind);
  }

  /** Notes that all streams there are have been written. */
  written(): void {
    this.#table.written();
  }

  /** Opens a stream, or lets it wait in line. */
  open(stream: ClientStream, block: Buffer): void {
    if (this.#hasRoom && this.#line.size === 0) {
      this.#begin(stream, block);
    } else {
      stream.block = Buffer.from(block);
      this.#line.add(stream);
    }
  }

  /** Opens streams that wait in line, as far as there is room. */
  admit(): void {
    for (const stream of this.#line) {
      if (!this.#hasRoom) return;
      this.#line.delete(stream);
      if (stream.block !== undefined) this.#begin(stream, stream.block);
    }
  }

  /** Gives a stream up. It hears nothing more. */
  giveUp(stream: ClientStream, code: ErrorCode): void {
    if (this.#line.delete(stream)) this.#afterEnd();
    else if (this.#forget(stream)) this.#reset(stream, code);
  }

  /** Ends a stream for what is wrong with it; anything else is thrown on. */
  fail(stream: ClientStream, error: unknown): void {
    if (!(error instanceof StreamError)) throw error;
    if (!this.#forget(stream)) return;
    stream.onError(error);
    this.#reset(stream, error.code);
  }

  /** The peer has ended its side. A response that is complete needs no more of the request. */
  end(stream: ClientStream): void {
    if (stream.dataLeft > 0) {
      this.fail(stream, new StreamError(ErrorCode.PROTOCOL_ERROR, "less data than its content-length says"));
      return;
    }
    // Its listener may have given it up meanwhile.
    if (!this.#forget(stream)) return;
    if (!stream.hasEnded || stream.queue.length > 0) this.#with.writer.reset(stream.id, ErrorCode.NO_ERROR);
    stream.onEnd();
    this.#afterEnd();
  }

  /** The peer has reset a stream. */
  endByReset(stream: ClientStream, code: number): void {
    this.#forget(stream);
    stream.onReset(code);
    this.#afterEnd();
  }

  /** Takes no more streams, and lets those go that wait in line. Those that are open go on. */
  drain(reason: string, code: number, debug: string): void {
    const isNew = !this.#isDraining;
    this.#isDraining = true;
    const line = [...this.#line];
    this.#line.clear();
    if (isNew) this.#with.listener.onDraining(reason, code, debug);
    this.#tellLost(line, reason);
  }

  /** Lets those streams go that wait in line. */
  loseLine(reason: string): void {
    const line = [...this.#line];
    this.#line.clear();
    if (line.length > 0) this.#tellLost(line, reason);
  }

  /** The peer has done nothing with the streams behind the last one that it names in a GOAWAY: RFC 9113, section 6.8. */
  loseBehind(lastStreamId: number, reason: string): void {
    for (const stream of [...this.#table.all()]) {
      if (stream.id <= lastStreamId || !this.#forget(stream)) continue;
      stream.onLost("unprocessed", new Error(reason));
      this.#afterEnd();
    }
  }

  /** The connection is gone, and all streams with it. @param tell called before they hear of it */
  loseAll(reason: Error, tell: () => void): void {
    const lost = [...this.#line, ...this.#table.all()];
    this.#line.clear();
    tell();
    for (const stream of lost) {
      if (stream.id > 0 && !this.#table.delete(stream)) continue;
      stream.onLost(stream.id > 0 && this.#table.isWritten(stream) ? "yes" : "no", reason);
    }
  }

  /** @param line those that waited in line */
  #tellLost(line: readonly ClientStream[], reason: string): void {
    for (const stream of line) stream.onLost("no", new Error(reason));
    if (this.count === 0) this.#with.listener.onIdle();
  }

  get #hasRoom(): boolean {
    const { peer, sending } = this.#with;
    return this.#table.size < peer.maxConcurrentStreams && sending.isOpen;
  }

  #begin(stream: ClientStream, block: Buffer): void {
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

  #reset(stream: ClientStream, code: ErrorCode): void {
    this.#with.receiving.giveUp(stream);
    this.#with.writer.reset(stream.id, code);
    this.#afterEnd();
  }

  /** @returns whether it was open */
  #forget(stream: ClientStream): boolean {
    this.#with.sending.remove(stream);
    return this.#table.delete(stream);
  }

  /** A stream has ended: another may take its place. */
  #afterEnd(): void {
    if (this.#line.size > 0) this.admit();
    if (this.count === 0) this.#with.listener.onIdle();
  }
}
