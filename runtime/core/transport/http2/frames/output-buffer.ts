/** The size of each allocation, in bytes. */
const SLAB_SIZE = 65_536;

/** The size in bytes from which data is kept by reference. Copying it would cost more than a separate chunk. */
const COPY_LIMIT = 8192;

const NO_SLAB = Buffer.alloc(0);

/**
 * Collects the output for a socket until the next turn of the event loop. Small pieces are copied into one buffer;
 * large pieces become separate chunks. All frames of a turn therefore need only one `write` or `writev`.
 */
export class OutputBuffer {
  /** The buffer to write to after {@link reserve}. Any method call may replace it. */
  bytes: Buffer = NO_SLAB;
  #start = 0;
  #end = 0;
  #chunks: Buffer[] = [];
  #chunkedSize = 0;

  /** The number of bytes to be taken. */
  get size(): number {
    return this.#chunkedSize + this.#end - this.#start;
  }

  /**
   * Reserves `size` contiguous bytes and returns their position in {@link bytes}. The caller must write all of them.
   */
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

  /**
   * Appends the bytes from `start` to `end`. Large pieces are not copied, so they must not change until they are sent.
   */
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

  /** Takes all output, in order, as non-empty chunks. The buffer is empty afterwards. */
  take(): Buffer[] {
    this.#closeChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunkedSize = 0;
    return chunks;
  }

  /**
   * Ends the current chunk. The socket may still need chunks that were taken, so the slab is only filled after them.
   */
  #closeChunk(): void {
    if (this.#end === this.#start) return;
    this.#chunks.push(this.bytes.subarray(this.#start, this.#end));
    this.#chunkedSize += this.#end - this.#start;
    this.#start = this.#end;
  }
}
