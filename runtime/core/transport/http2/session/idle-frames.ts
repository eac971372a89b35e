import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";

/** The largest number of consecutive frames without progress. */
const MOST_IDLE = 10_000;
/** The largest number of our acknowledgements that may wait because the peer does not read. */
const MOST_ACKNOWLEDGEMENTS = 1_000;

/**
 * Counts the frames that cost work without progress of any call. The connection ends if a peer sends only such frames,
 * or if it causes acknowledgements and does not read them (CVE-2019-9512, 9515 and 9518).
 */
export class IdleFrames {
  #count = 0;
  #acknowledgements = 0;

  /**
   * Records progress: a call has made progress, or the peer has acknowledged our ping. A ping shows that time has
   * passed, so a call that waits for days with pings in both directions does not count as a flood.
   */
  progress(): void {
    this.#count = 0;
  }

  /** Counts a frame without progress. @throws ConnectionError if there are too many */
  count(kind: string): void {
    this.#count += 1;
    if (this.#count > MOST_IDLE) {
      throw new ConnectionError(
        ErrorCode.ENHANCE_YOUR_CALM,
        `more than ${MOST_IDLE} frames without effect, most recently ${kind}`,
      );
    }
  }

  /** Counts an acknowledgement that waits to be written. @throws ConnectionError if there are too many */
  acknowledge(kind: string): void {
    this.#acknowledgements += 1;
    if (this.#acknowledgements > MOST_ACKNOWLEDGEMENTS) {
      throw new ConnectionError(
        ErrorCode.ENHANCE_YOUR_CALM,
        `more than ${MOST_ACKNOWLEDGEMENTS} unread acknowledgements of ${kind}`,
      );
    }
  }

  /** Records that the peer has read our output. */
  written(): void {
    this.#acknowledgements = 0;
  }
}
