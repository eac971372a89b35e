import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { DEFAULT_MAX_FRAME_SIZE } from "../frames/frame.js";
import { FrameReader } from "../frames/frame-reader.js";
import { FrameWriter } from "../frames/frame-writer.js";
import { OutputBuffer } from "../frames/output-buffer.js";
import { HpackEncoder } from "../hpack/hpack-encoder.js";
import type { ClientStream } from "./client-stream.js";
import { HeaderBlocks } from "./header-blocks.js";
import { IdleFrames } from "./idle-frames.js";
import { IncomingFrames } from "./incoming-frames.js";
import { OpenStreams } from "./open-streams.js";
import { Receiving } from "./receiving.js";
import { Sending } from "./sending.js";
import type { SessionListener } from "./session-listener.js";
import { ownSettings, PeerSettings, type SessionOptions } from "./settings.js";

/**
 * How many times the size of the largest header list a header block may take. Within it, a list that is too large is
 * decoded to its end and costs its stream alone. No encoder needs more: in the worst Huffman code a byte becomes 30 bits.
 */
const MOST_CODED = 4;

/**
 * The client's side of an HTTP/2 connection, without a socket, a timer or a promise: RFC 9113. What the peer sends goes
 * in by {@link receive}; what it shall be sent comes out by {@link take}. It makes requests only, and takes no push.
 *
 * Nothing that a peer sends makes it throw, or take more memory than its {@link SessionOptions} and the streams of its
 * user say.
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
    return this.#streams.count;
  }

  /** Whether the peer has answered a request. */
  get hasAnswered(): boolean {
    return this.#incoming.hasAnswered;
  }

  /** Whether it takes new streams. */
  get isOpen(): boolean {
    return this.#incoming.isReady && !this.#streams.isDraining && !this.#isOver;
  }

  /** Opens a stream, or lets it wait in line. The session must be {@link isOpen}. */
  open(stream: ClientStream, block: Buffer): void {
    this.#streams.open(stream, block);
    this.#wrote();
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
    // Servers in Go answer each piece of a request with a PING and a WINDOW_UPDATE, which is no flood.
    if (isSent) this.#idleFrames.progress();
    else this.#incoming.pump();
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
    this.#streams.giveUp(stream, code);
    this.#wrote();
  }

  /** Gives a stream's window back, as its `isHeld` has ended. */
  release(stream: ClientStream): void {
    if (!this.#streams.has(stream)) return;
    this.#receiving.giveBack(stream);
    this.#wrote();
  }

  /** Sends a ping. */
  ping(): void {
    this.#incoming.ping();
    this.#wrote();
  }

  /** Takes no more streams. Those that are open go on. */
  drain(): void {
    this.#streams.drain("closed by this side", ErrorCode.NO_ERROR, "");
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
    this.#incoming.pump();
    this.#streams.admit();
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
    this.#streams.loseAll(reason, () => this.#listener.onClosed(reason));
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
