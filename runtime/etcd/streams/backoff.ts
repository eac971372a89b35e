const FIRST = 100;
const LONGEST = 2_000;

/**
 * The delays between attempts to connect. The first attempt has no delay. The next delay is 100 ms, and each further
 * one is twice as long, up to 2 s.
 */
export class Backoff {
  #next = 0;

  /**
   * Returns the next delay in milliseconds. It is shortened at random, so that the clients of a failed server do not
   * reconnect at the same time.
   */
  next(): number {
    const delay = this.#next;
    this.#next = delay === 0 ? FIRST : Math.min(delay * 2, LONGEST);
    return delay * (0.5 + Math.random() / 2);
  }

  /** Starts again without a delay. */
  reset(): void {
    this.#next = 0;
  }
}
