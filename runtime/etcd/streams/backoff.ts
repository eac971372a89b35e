const FIRST = 100;
const LONGEST = 2_000;

/** How long to wait before the next attempt to connect: not at all, then 100 ms, then twice as long each time, up to 2 s. */
export class Backoff {
  #next = 0;

  /** The next delay in milliseconds, shortened at random, so that clients of a server that broke do not come together. */
  next(): number {
    const delay = this.#next;
    this.#next = delay === 0 ? FIRST : Math.min(delay * 2, LONGEST);
    return delay * (0.5 + Math.random() / 2);
  }

  /** Begins anew. */
  reset(): void {
    this.#next = 0;
  }
}
