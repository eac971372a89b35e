import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";

/** How many frames may come one after another that bring no call forward. */
const MOST_IDLE = 10_000;
/** How many answers may wait for a peer that does not read. */
const MOST_ANSWERS = 1_000;

/**
 * Counts the frames that cost work and bring no call forward: a peer that sends nothing else, or makes us answer and
 * does not read the answers, is shut out (CVE-2019-9512, 9515 and 9518).
 */
export class IdleFrames {
  #count = 0;
  #answers = 0;

  /**
   * A call has come forward, or the peer has answered a ping of ours, which is to say that time has passed: a call that
   * waits for days, with pings both ways, is no flood.
   */
  progress(): void {
    this.#count = 0;
  }

  /** A frame has not brought any call forward. @throws ConnectionError if it is one too many */
  count(kind: string): void {
    this.#count += 1;
    if (this.#count > MOST_IDLE) {
      throw new ConnectionError(
        ErrorCode.ENHANCE_YOUR_CALM,
        `${MOST_IDLE} frames without use, of which the last is ${kind}`,
      );
    }
  }

  /** An answer to such a frame waits to be written. @throws ConnectionError if it is one too many */
  answer(kind: string): void {
    this.#answers += 1;
    if (this.#answers > MOST_ANSWERS) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `${MOST_ANSWERS} answers to ${kind} that are not read`);
    }
  }

  /** The peer reads what was written. */
  written(): void {
    this.#answers = 0;
  }
}
