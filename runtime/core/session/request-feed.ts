import { Fifo } from "../collections/fifo.js";
import type { FrameSource } from "./backpressure.js";

/**
 * How many messages of a stream are handled before other clients are served. A message takes some 20 microseconds, and
 * a chunk of a body can contain tens of thousands.
 */
export const MESSAGES_PER_TURN = 64;

/** Splits pieces of a request body into messages. */
export interface MessageSplitter {
  /** Accepts the next piece. All messages of the previous one must have been taken. */
  push(piece: Buffer): void;
  /**
   * Returns the next message that is complete, or `undefined` if there is none in the piece.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` (413) if a message is over the limit. Nothing can be taken afterwards
   */
  next(): Buffer | undefined;
  /** Ends a message that ends with its piece. Returns it, or `undefined` if there is none. */
  flush(): Buffer | undefined;
  /** Ends the body. Returns its last message, or `undefined` if there is none. */
  end(): Buffer | undefined;
  /** Drops an incomplete message. Nothing can be taken afterwards. */
  drop(): void;
}

/** Receives request messages. If `onMessage` or `onEnd` throws, the error is passed to `onError`. */
export interface RequestFeedListener {
  /** A message, as its part of the body. If it returns `false`, no other follows until {@link RequestFeed.resume}. */
  onMessage(body: Buffer): boolean;
  /** All messages have been passed on. */
  onEnd(): void;
  /** The requests cannot be read. Nothing follows. */
  onError(error: unknown): void;
}

/**
 * Passes on the messages of a request stream, as fast as its listener accepts them, and a limited number in one turn of
 * the event loop. Meanwhile it pauses the source, and holds what still arrives: the rest of a chunk or frame.
 */
export class RequestFeed {
  readonly #splitter: MessageSplitter;
  readonly #isFramed: boolean;
  readonly #source: FrameSource;
  readonly #listener: RequestFeedListener;
  /** The pieces after the one that the splitter has. */
  readonly #held = new Fifo<Buffer>();
  /** How many messages may follow in this turn. */
  #left = MESSAGES_PER_TURN;
  /** Whether the listener accepts no message. */
  #isFull = false;
  #isPaused = false;
  #isReading = false;
  #hasEnded = false;
  #isOver = false;

  /** @param isFramed whether a message ends with its piece, if it can */
  constructor(splitter: MessageSplitter, isFramed: boolean, source: FrameSource, listener: RequestFeedListener) {
    this.#splitter = splitter;
    this.#isFramed = isFramed;
    this.#source = source;
    this.#listener = listener;
  }

  /** Accepts the next piece of the requests. Never throws. */
  push(piece: Buffer): void {
    if (this.#isOver || this.#hasEnded) return;
    if (!this.#isFree || this.#isReading) {
      this.#held.push(piece);
      return;
    }
    this.#splitter.push(piece);
    this.#read();
  }

  /** Ends the requests, after all pieces. Never throws. */
  end(): void {
    this.#hasEnded = true;
    this.#read();
  }

  /** The listener accepts messages again. Never throws. */
  resume(): void {
    this.#isFull = false;
    this.#read();
  }

  /** Drops what has not been passed on. The listener is not called again, and the source is not paused. */
  stop(): void {
    this.#isOver = true;
    this.#splitter.drop();
    this.#held.clear();
    this.#setPaused(false);
  }

  /** Whether a message may follow. */
  get #isFree(): boolean {
    return !this.#isFull && this.#left > 0 && !this.#isOver;
  }

  #read(): void {
    if (this.#isReading || this.#isOver) return;
    this.#isReading = true;
    try {
      this.#passOn();
    } catch (error) {
      this.stop();
      this.#listener.onError(error);
    }
    this.#isReading = false;
    if (!this.#isOver) this.#setPaused(!this.#isFree);
  }

  #passOn(): void {
    while (this.#isFree) {
      const message = this.#next();
      // To read it may have needed memory for which these requests were rejected.
      if (this.#isOver) return;
      if (message === undefined) {
        if (!this.#hasEnded) return;
        this.#isOver = true;
        this.#setPaused(false);
        this.#listener.onEnd();
        return;
      }
      this.#left -= 1;
      if (this.#left === 0) setImmediate(nextTurn, this);
      if (!this.#listener.onMessage(message)) this.#isFull = true;
    }
  }

  /** Continues in another turn of the event loop. */
  beginTurn(): void {
    this.#left = MESSAGES_PER_TURN;
    this.#read();
  }

  #next(): Buffer | undefined {
    for (;;) {
      const message = this.#splitter.next() ?? (this.#isFramed ? this.#splitter.flush() : undefined);
      if (message !== undefined) return message;
      const piece = this.#held.shift();
      if (piece === undefined) break;
      this.#splitter.push(piece);
    }
    return this.#hasEnded && !this.#isFramed ? this.#splitter.end() : undefined;
  }

  #setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#source.pause();
    else this.#source.resume();
  }
}

function nextTurn(feed: RequestFeed): void {
  feed.beginTurn();
}
