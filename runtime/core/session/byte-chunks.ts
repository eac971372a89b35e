import { tooLarge } from "./byte-accumulator.js";
import type { MessageSplitter } from "./request-feed.js";

const EMPTY = Buffer.alloc(0);

/**
 * Splits a body of raw bytes into messages: each chunk that arrives is a message. An empty body is one empty message.
 */
export class ByteChunks implements MessageSplitter {
  readonly #limit: number;
  #chunk: Buffer | undefined;
  #any = false;

  /** @param limit the longest chunk allowed, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Accepts the next bytes. */
  push(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunk = chunk;
  }

  /**
   * Returns the chunk, or `undefined` if it has been taken.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` (413) if the chunk is over the limit
   */
  next(): Buffer | undefined {
    const chunk = this.#chunk;
    if (chunk === undefined) return undefined;
    if (chunk.length > this.#limit) throw tooLarge(this.#limit);
    this.#chunk = undefined;
    this.#any = true;
    return chunk;
  }

  /** Returns nothing, because every chunk is a message. */
  flush(): undefined {}

  /** Ends the body. If it was empty, returns an empty message. */
  end(): Buffer | undefined {
    if (this.#any) return undefined;
    this.#any = true;
    return EMPTY;
  }

  /** Drops the chunk. */
  drop(): void {
    this.#chunk = undefined;
  }
}
