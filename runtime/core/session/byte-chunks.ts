import { tooLarge } from "./byte-accumulator.js";

const EMPTY = Buffer.alloc(0);

/** Takes the bytes of a body as they arrive: each chunk is a message, and an empty body is an empty one. */
export class ByteChunks {
  readonly #limit: number;
  #any = false;

  /** @param limit the longest chunk allowed, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next bytes and hands them over. */
  push(chunk: Buffer, onValue: (value: Buffer) => void): void {
    if (chunk.length === 0) return;
    if (chunk.length > this.#limit) throw tooLarge(this.#limit);
    this.#any = true;
    onValue(chunk);
  }

  /** Every chunk has been handed over already. */
  flush(_onValue: (value: Buffer) => void): void {}

  /** Ends the body. */
  end(onValue: (value: Buffer) => void): void {
    if (!this.#any) onValue(EMPTY);
  }
}
