import { ConnectionError } from "./connection-error.js";
import { ErrorCode } from "./error-code.js";

/** The most CONTINUATION frames of a block. A peer that fills its frames needs half as many for the largest block. */
const MAX_CONTINUATIONS = 64;

/**
 * Joins the fragments of a header block from HEADERS and CONTINUATION frames: RFC 9113, section 6.10. Both their size
 * and their number are bounded, or a peer could send them without end (CVE-2024-27316).
 */
export class HeaderBlock {
  /** The stream of the block that has begun and not ended; 0 if there is none. */
  streamId = 0;
  /** Whether the block's HEADERS frame ends its stream. */
  endStream = false;
  readonly #maxSize: number;
  #fragments: Buffer[] = [];
  #size = 0;

  /** @param maxSize the most bytes of a block */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Fails if so many bytes more would be too many, before there is memory taken for them. */
  checkSize(more: number): void {
    if (this.#size + more > this.#maxSize) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `a header block of more than ${this.#maxSize} bytes`);
    }
  }

  /** Begins a block that goes on in CONTINUATION frames. */
  begin(streamId: number, fragment: Buffer, endStream: boolean): void {
    this.streamId = streamId;
    this.endStream = endStream;
    this.#append(fragment);
  }

  /** Goes on with the block. */
  continue(fragment: Buffer): void {
    if (this.#fragments.length > MAX_CONTINUATIONS) {
      const message = `a header block of more than ${MAX_CONTINUATIONS} CONTINUATION frames`;
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, message);
    }
    this.#append(fragment);
  }

  /** The whole block; there is none any more. */
  end(): Buffer {
    const block = Buffer.concat(this.#fragments, this.#size);
    this.streamId = 0;
    this.#fragments = [];
    this.#size = 0;
    return block;
  }

  #append(fragment: Buffer): void {
    this.#fragments.push(fragment);
    this.#size += fragment.length;
  }
}
