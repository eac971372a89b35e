import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { MAX_31_BITS } from "../frames/frame.js";
import type { ClientStream } from "./client-stream.js";

/** The open streams of a connection, and their ids: RFC 9113, section 5.1.1. */
export class StreamTable {
  /**
   * By id. This is no `Map`: see `IndexedSet` for what a `Map` costs whose members come and go with each request.
   */
  readonly #streams: Record<number, ClientStream> = Object.create(null);
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
  add(stream: ClientStream): void {
    stream.id = this.#nextId;
    this.#nextId += 2;
    this.#streams[stream.id] = stream;
    this.#size += 1;
  }

  has(stream: ClientStream): boolean {
    return this.#streams[stream.id] === stream;
  }

  /** @returns whether the stream was open */
  delete(stream: ClientStream): boolean {
    if (!this.has(stream)) return false;
    delete this.#streams[stream.id];
    this.#size -= 1;
    return true;
  }

  /** Returns the open streams, in the order of their ids. */
  all(): readonly ClientStream[] {
    return Object.values(this.#streams);
  }

  /**
   * Returns the stream of a frame; `undefined` if it is closed.
   *
   * @param kind the frame's type, for the error
   * @throws ConnectionError for a stream that has not been opened
   */
  of(streamId: number, kind: string): ClientStream | undefined {
    const stream = this.#streams[streamId];
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
  isWritten(stream: ClientStream): boolean {
    return stream.id < this.#unwrittenId;
  }
}
