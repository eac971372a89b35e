import { ConnectionError } from "./connection-error.js";
import { ErrorCode } from "./error-code.js";

/**
 * The largest number of CONTINUATION frames in a block. A peer that fills its frames needs half as many for the largest
 * block.
 */
const MAX_CONTINUATIONS = 64;

/**
 * Joins the fragments of a header block from HEADERS and CONTINUATION frames: RFC 9113, section 6.10. Their size and
 * their number are limited. Otherwise a peer could send them without end (CVE-2024-27316).
 */
export class HeaderBlock {
  /** The stream of the block in progress; 0 if there is none. */
  streamId = 0;
  /** Whether the block's HEADERS frame ends its stream. */
  endStream = false;
  readonly #maxSize: number;
  #fragments: Buffer[] = [];
  #size = 0;

  /** @param maxSize the largest size of a block, in bytes */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /**
   * Checks the size of the next fragment, before memory is allocated for it. @throws ConnectionError if it is too large
   */
  checkSize(more: number): void {
    if (this.#size + more > this.#maxSize) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `a header block of more than ${this.#maxSize} bytes`);
    }
  }

  /** Begins a block that continues in CONTINUATION frames. */
  begin(streamId: number, fragment: Buffer, endStream: boolean): void {
    this.streamId = streamId;
    this.endStream = endStream;
    this.#append(fragment);
  }

  /** Adds the fragment of a CONTINUATION frame. @throws ConnectionError if there are too many */
  continue(fragment: Buffer): void {
    if (this.#fragments.length > MAX_CONTINUATIONS) {
      const message = `a header block of more than ${MAX_CONTINUATIONS} CONTINUATION frames`;
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, message);
    }
    this.#append(fragment);
  }

  /** Ends the block and returns all of it. */
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
