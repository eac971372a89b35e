/** How many bytes are allocated at once. */
const SLAB_SIZE = 65_536;

/** From this size on, bytes are handed on by reference: copying them would cost more than a chunk of their own. */
const COPY_LIMIT = 8192;

const NO_SLAB = Buffer.alloc(0);

/**
 * Collects what goes to a socket until the next turn of the event loop. Small pieces are copied into one buffer, large
 * ones become chunks of their own, so that a turn's frames cost one `write` or `writev`.
 */
export class OutputBuffer {
  /** Where to write what {@link reserve} made room for. Another buffer after each call of a method. */
  bytes: Buffer = NO_SLAB;
  #start = 0;
  #end = 0;
  #chunks: Buffer[] = [];
  #chunkedSize = 0;

  /** How many bytes wait to be taken. */
  get size(): number {
    return this.#chunkedSize + this.#end - this.#start;
  }

  /** Makes room for `size` bytes in a row and returns where in {@link bytes} they begin. The caller writes all of them. */
  reserve(size: number): number {
    if (this.#end + size > this.bytes.length) {
      this.#closeChunk();
      this.bytes = Buffer.allocUnsafeSlow(Math.max(SLAB_SIZE, size));
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end = at + size;
    return at;
  }

  /** Appends bytes from `start` to `end`. Large ones are not copied: nobody may change them until they are sent. */
  append(bytes: Buffer, start: number = 0, end: number = bytes.length): void {
    const size = end - start;
    if (size < COPY_LIMIT) {
      const at = this.reserve(size);
      bytes.copy(this.bytes, at, start, end);
    } else {
      this.#closeChunk();
      this.#chunks.push(bytes.subarray(start, end));
      this.#chunkedSize += size;
    }
  }

  /** Takes everything, in order, to be sent; none of the chunks is empty. The buffer is empty again. */
  take(): Buffer[] {
    this.#closeChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunkedSize = 0;
    return chunks;
  }

  /** The bytes taken stay untouched, as the socket may need them for a while: the slab is filled on behind them. */
  #closeChunk(): void {
    if (this.#end === this.#start) return;
    this.#chunks.push(this.bytes.subarray(this.#start, this.#end));
    this.#chunkedSize += this.#end - this.#start;
    this.#start = this.#end;
  }
}
