import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { MAX_31_BITS } from "../frames/frame.js";
import type { Http2Stream } from "./http2-stream.js";

/** How many streams can be opened before a stream that is still open counts as a lasting one. A power of two. */
const RECENT = 512;

/**
 * The open streams of a connection, and their ids: RFC 9113, section 5.1.1.
 *
 * Most streams end before many others are opened. Those are kept in a ring, because a `Map` for all of them would keep
 * them in memory after their end (see `IndexedSet`).
 */
export class StreamTable {
  /** The most recent streams, each at its number modulo {@link RECENT}. */
  readonly #recent: (Http2Stream | undefined)[] = new Array<Http2Stream | undefined>(RECENT).fill(undefined);
  /** The streams whose slot in the ring was needed for a later one. */
  readonly #lasting: Map<number, Http2Stream> = new Map();
  #size = 0;
  #nextId: number;
  /** The first stream id that has not been written to the socket. */
  #unwrittenId: number;

  /** @param firstId the first stream's id */
  constructor(firstId: number) {
    this.#nextId = firstId;
    this.#unwrittenId = firstId;
  }

  /** The number of open streams. */
  get size(): number {
    return this.#size;
  }

  /** Whether there are no more ids. */
  get isExhausted(): boolean {
    return this.#nextId > MAX_31_BITS;
  }

  /** Assigns the next id to a stream. */
  add(stream: Http2Stream): void {
    stream.id = this.#nextId;
    this.#nextId += 2;
    const slot = slotOf(stream.id);
    const lasting = this.#recent[slot];
    if (lasting !== undefined) this.#lasting.set(lasting.id, lasting);
    this.#recent[slot] = stream;
    this.#size += 1;
  }

  has(stream: Http2Stream): boolean {
    return this.#get(stream.id) === stream;
  }

  /** @returns whether the stream was open */
  delete(stream: Http2Stream): boolean {
    const slot = slotOf(stream.id);
    if (this.#recent[slot] === stream) this.#recent[slot] = undefined;
    else if (!this.#lasting.delete(stream.id)) return false;
    this.#size -= 1;
    return true;
  }

  /** Returns the open streams, in the order of their ids. */
  all(): readonly Http2Stream[] {
    const recent = this.#recent.filter((stream) => stream !== undefined);
    return [...this.#lasting.values(), ...recent].sort((a, b) => a.id - b.id);
  }

  /**
   * Returns the stream of a frame; `undefined` if it is closed.
   *
   * @param kind the frame's type, for the error
   * @throws ConnectionError for a stream that has not been opened
   */
  of(streamId: number, kind: string): Http2Stream | undefined {
    const stream = this.#get(streamId);
    if (stream === undefined && (streamId % 2 === 0 || streamId >= this.#nextId)) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${kind} on stream ${streamId}, which has not been opened`);
    }
    return stream;
  }

  /** Marks all open streams as written to the socket. */
  written(): void {
    this.#unwrittenId = this.#nextId;
  }

  /** Whether the peer may have received a stream. */
  isWritten(stream: Http2Stream): boolean {
    return stream.id < this.#unwrittenId;
  }

  #get(streamId: number): Http2Stream | undefined {
    const recent = this.#recent[slotOf(streamId)];
    return recent?.id === streamId ? recent : this.#lasting.get(streamId);
  }
}

function slotOf(streamId: number): number {
  return (streamId >>> 1) % RECENT;
}
