import { tooLarge } from "./byte-accumulator.js";

const EMPTY = Buffer.alloc(0);

/**
 * Splits a body of raw bytes into messages: each chunk that arrives is a message. An empty body is one empty message.
 */
export class ByteChunks {
  readonly #limit: number;
  #any = false;

  /** @param limit the longest chunk allowed, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Passes on the next bytes.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` (413) if a chunk is over the limit
   */
  push(chunk: Buffer, onValue: (value: Buffer) => void): void {
    if (chunk.length === 0) return;
    if (chunk.length > this.#limit) throw tooLarge(this.#limit);
    this.#any = true;
    onValue(chunk);
  }

  /** Does nothing, because every chunk has already been passed on. */
  flush(_onValue: (value: Buffer) => void): void {}

  /** Does nothing, because no chunk is kept. */
  drop(): void {}

  /** Ends the body. If it was empty, passes on an empty message. */
  end(onValue: (value: Buffer) => void): void {
    if (!this.#any) onValue(EMPTY);
  }
}
