import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { DEFAULT_MAX_FRAME_SIZE } from "../frames/frame.js";
import { FrameReader } from "../frames/frame-reader.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { OutputBuffer } from "../frames/output-buffer.js";
import { HpackEncoder } from "../hpack/hpack-encoder.js";
import { HeaderBlocks } from "./header-blocks.js";
import type { Http2Stream } from "./http2-stream.js";
import { IdleFrames } from "./idle-frames.js";
import { IncomingFrames } from "./incoming-frames.js";
import { OpenStreams } from "./open-streams.js";
import { Receiving } from "./receiving.js";
import { Sending } from "./sending.js";
import type { SessionListener } from "./session-listener.js";
import { ownSettings, PeerSettings, type SessionOptions } from "./settings.js";

/**
 * The largest size of a header block, as a multiple of the largest header list. A larger block ends the connection.
 * Within this size, a list that is too large is decoded to its end and only its stream fails. No encoder needs more: in
 * the worst case, Huffman code turns a byte into 30 bits.
 */
const MOST_CODED = 4;

/**
 * The client's side of an HTTP/2 connection, without sockets, timers or promises: RFC 9113. Pass the peer's bytes to
 * {@link receive}; {@link take} returns the bytes to send. It only makes requests and does not accept pushes.
 *
 * No input from a peer makes it throw, or use more memory than its {@link SessionOptions} and its open streams allow.
 */
export class Session {
  readonly #listener: SessionListener;
  readonly #output: OutputBuffer = new OutputBuffer();
  readonly #writer: FrameWriter = new FrameWriter(this.#output);
  readonly #encoder: HpackEncoder = new HpackEncoder();
  readonly #sending: Sending = new Sending(this.#output, this.#writer);
  readonly #idleFrames: IdleFrames = new IdleFrames();
  readonly #peer: PeerSettings = new PeerSettings();
  readonly #receiving: Receiving;
  readonly #streams: OpenStreams;
  readonly #incoming: IncomingFrames;
  readonly #reader: FrameReader;
  #isOver = false;
  #isReceiving = false;

  /** @param firstId the first stream's id, for tests */
  constructor(options: SessionOptions, listener: SessionListener, firstId: number = 1) {
    this.#listener = listener;
    this.#receiving = new Receiving(options, this.#writer);
    const surroundings = {
      listener,
      writer: this.#writer,
      encoder: this.#encoder,
      sending: this.#sending,
      receiving: this.#receiving,
      peer: this.#peer,
      streamWindow: options.streamWindow,
    };
    this.#streams = new OpenStreams(surroundings, firstId);
    const headerBlocks = new HeaderBlocks(options.maxHeaderListSize);
    this.#incoming = new IncomingFrames(surroundings, this.#streams, headerBlocks, this.#idleFrames);
    this.#reader = new FrameReader(this.#incoming, {
      maxFrameSize: DEFAULT_MAX_FRAME_SIZE,
      maxHeaderBlockSize: MOST_CODED * options.maxHeaderListSize,
    });
    this.#writer.preface(ownSettings(options));
    this.#receiving.begin();
  }

  /** The encoder of header blocks. Pass each block to {@link open} before you begin the next. */
  get encoder(): HpackEncoder {
    return this.#encoder;
  }

  /** The number of streams that the peer allows at the same time. It is known when the session is ready. */
  get maxConcurrentStreams(): number {
    return this.#peer.maxConcurrentStreams;
  }

  /** The number of streams, including queued ones. */
  get streamCount(): number {
    return this.#streams.count;
  }

  /** Whether the peer has responded to a request. */
  get hasResponded(): boolean {
    return this.#incoming.hasResponded;
  }

  /** Whether the session accepts new streams. */
  get isOpen(): boolean {
    return this.#incoming.isReady && !this.#streams.isDraining && !this.#isOver;
  }

  /** Opens a stream, or queues it. The session must be {@link isOpen}. */
  open(stream: Http2Stream, block: Buffer): void {
    this.#streams.open(stream, block);
    this.#wrote();
  }

  /**
   * Sends data of a stream, in two parts.
   *
   * @param head is copied
   * @param body must not be changed afterwards
   * @returns whether all of it has been passed on; if not, the stream's `onSent` is called when it has
   */
  send(stream: Http2Stream, head: Buffer, body: Buffer, end: boolean): boolean {
    const isSent = this.#sending.send(stream, head, body, end);
    // Servers written in Go respond to each piece of a request with PING and WINDOW_UPDATE, so this is not a flood.
    if (isSent) this.#idleFrames.progress();
    else this.#incoming.pump();
    this.#wrote();
    return isSent;
  }

  /** Ends our side of a stream. */
  end(stream: Http2Stream): void {
    this.#sending.end(stream);
    this.#wrote();
  }

  /** Cancels a stream. Its methods are not called any more, and frames that still arrive for it are ignored. */
  reset(stream: Http2Stream, code: ErrorCode): void {
    this.#streams.giveUp(stream, code);
    this.#wrote();
  }

  /** Gives a stream's window back after its `isHeld` has been cleared. */
  release(stream: Http2Stream): void {
    if (!this.#streams.has(stream)) return;
    this.#receiving.giveBack(stream);
    this.#wrote();
  }

  /** Sends a ping. */
  ping(): void {
    this.#incoming.ping();
    this.#wrote();
  }

  /** Stops accepting streams. Open streams continue. */
  drain(): void {
    this.#streams.drain("closed by this side", ErrorCode.NO_ERROR, "");
  }

  /** Takes the output to write. */
  take(): Buffer[] {
    this.#streams.written();
    return this.#output.take();
  }

  /** Sets whether the peer does not read. Streams wait in the meantime. */
  setBlocked(isBlocked: boolean): void {
    this.#sending.isBlocked = isBlocked;
    if (isBlocked || this.#isOver) return;
    this.#idleFrames.written();
    this.#incoming.pump();
    this.#streams.admit();
    this.#wrote();
  }

  /** Processes bytes from the peer. @throws the error of a listener; the session is then over */
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

  /** Ends the session because its connection has closed or is given up. */
  lose(reason: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#streams.loseAll(reason, () => this.#listener.onClosed(reason));
  }

  #fail(error: ConnectionError): void {
    this.#writer.goaway(0, error.code, error.message);
    this.#listener.onOutput();
    this.lose(error);
  }

  /** Requests that output be written. {@link receive} does this once for all frames that it processes. */
  #wrote(): void {
    if (!this.#isReceiving && this.#output.size > 0) this.#listener.onOutput();
  }
}
