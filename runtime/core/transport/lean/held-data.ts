const NOTHING = Buffer.alloc(0);

/**
 * Data that has arrived while it was not wanted, in one buffer. Separate copies of small pieces would need many times
 * their size, and views would keep whole chunks in memory. The stream's window limits the size.
 */
export class HeldData {
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;

  /** All held data. It is valid until the next {@link append}. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Appends a copy of the bytes. */
  append(bytes: Buffer): void {
    const held = this.#end - this.#start;
    if (this.#end + bytes.length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * held, held + bytes.length, 1024));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#buffer = grown;
      this.#start = 0;
      this.#end = held;
    }
    this.#end += bytes.copy(this.#buffer, this.#end);
  }

  /** Drops the first `size` bytes. Their memory is not reused, because messages may be views of it. */
  drop(size: number): void {
    this.#start += size;
  }
}
