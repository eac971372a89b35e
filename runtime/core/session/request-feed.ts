import { Fifo } from "../collections/fifo.js";
import { messageMemory } from "../transport/message-memory.js";
import type { FrameSource } from "./backpressure.js";
import type { IncompleteRequest } from "./limit/incomplete-requests.js";

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
 * the event loop. Meanwhile it pauses the source, and holds what still arrives: the rest of a chunk or frame. All that
 * waits counts as memory of the request.
 */
export class RequestFeed {
  readonly #splitter: MessageSplitter;
  readonly #isFramed: boolean;
  readonly #source: FrameSource;
  readonly #listener: RequestFeedListener;
  readonly #request: IncompleteRequest;
  /** How many bytes it has added to the request. */
  #counted = 0;
  /** The memory of the piece that the splitter has, in bytes. Its last message keeps all of it. */
  #pieceMemory = 0;
  /** The memory of the message that was passed on last, in bytes. */
  #messageMemory = 0;
  /** The memory of {@link #held}, in bytes. */
  #heldMemory = 0;
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

  /**
   * @param isFramed whether a message ends with its piece, if it can
   * @param request counts what waits
   */
  constructor(
    splitter: MessageSplitter,
    isFramed: boolean,
    source: FrameSource,
    request: IncompleteRequest,
    listener: RequestFeedListener,
  ) {
    this.#splitter = splitter;
    this.#isFramed = isFramed;
    this.#source = source;
    this.#request = request;
    this.#listener = listener;
  }

  /** Accepts the next piece of the requests. Never throws. */
  push(piece: Buffer): void {
    if (this.#isOver || this.#hasEnded) return;
    if (!this.#isFree || this.#isReading) {
      this.#held.push(piece);
      this.#heldMemory += messageMemory(piece);
      this.#count();
      return;
    }
    this.#split(piece);
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
    this.#count();
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
    this.#count();
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
      this.#messageMemory = messageMemory(message);
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
      this.#pieceMemory = 0;
      const piece = this.#held.shift();
      if (piece === undefined) break;
      this.#heldMemory -= messageMemory(piece);
      this.#split(piece);
    }
    return this.#hasEnded && !this.#isFramed ? this.#splitter.end() : undefined;
  }

  #split(piece: Buffer): void {
    this.#pieceMemory = messageMemory(piece);
    this.#splitter.push(piece);
  }

  /** Counts what waits. After a full listener's last message, that message waits too. */
  #count(): void {
    let memory = 0;
    if (!this.#isOver) memory = this.#heldMemory + this.#pieceMemory + (this.#isFull ? this.#messageMemory : 0);
    if (memory === this.#counted) return;
    const more = memory - this.#counted;
    this.#counted = memory;
    this.#request.add(more);
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
