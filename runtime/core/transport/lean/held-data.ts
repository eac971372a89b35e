const NOTHING = Buffer.alloc(0);

/**
 * What came while nobody wanted it, in one buffer: pieces of their own would take many times their size if they are
 * small, and views would keep the chunks they came in. The stream's window bounds it.
 */
export class HeldData {
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;

  /** All that is held. It is valid until the next {@link append}. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Holds a copy of some bytes. */
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

  /** Lets go of so many bytes, from the first on. Messages may be views of them, so they are not used again. */
  drop(size: number): void {
    this.#start += size;
  }
}
