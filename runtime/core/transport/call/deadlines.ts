/** Something that must be over by a moment. */
export interface Expiring {
  /** Ends it because the moment has come. */
  expire(): void;
}

/** How exactly deadlines are kept, in milliseconds: none passes unnoticed for longer. */
const GRAIN = 10;
/** The longest that a timer of Node.js takes, in milliseconds: 24.8 days. */
const MOST_TIMER = 2 ** 31 - 1;

/**
 * Keeps deadlines with one timer for all of them, since most calls are over long before theirs. The timer never keeps
 * the process alive.
 */
export class Deadlines {
  /** Those that end in the same span of time, by its number. */
  readonly #spans: Map<number, Set<Expiring>> = new Map();
  #timer: NodeJS.Timeout | undefined;
  /** The span that the timer waits for, or an earlier one. */
  #next = Number.POSITIVE_INFINITY;

  /** @param deadline in milliseconds since the epoch */
  add(deadline: number, expiring: Expiring): void {
    const span = Math.ceil(deadline / GRAIN);
    const others = this.#spans.get(span);
    if (others === undefined) this.#spans.set(span, new Set([expiring]));
    else others.add(expiring);
    if (span < this.#next) this.#wait(span);
  }

  /** Takes it out, before its moment or after it. */
  remove(deadline: number, expiring: Expiring): void {
    const span = Math.ceil(deadline / GRAIN);
    const others = this.#spans.get(span);
    if (others === undefined) return;
    others.delete(expiring);
    if (others.size === 0) this.#spans.delete(span);
  }

  #wait(span: number): void {
    clearTimeout(this.#timer);
    this.#next = span;
    const time = Math.min(Math.max(span * GRAIN - Date.now(), 0), MOST_TIMER);
    this.#timer = setTimeout(() => this.#expire(), time).unref();
  }

  #expire(): void {
    this.#next = Number.POSITIVE_INFINITY;
    const now = Date.now();
    const expired: Expiring[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [span, those] of this.#spans) {
      if (span * GRAIN > now) next = Math.min(next, span);
      else {
        this.#spans.delete(span);
        expired.push(...those);
      }
    }
    if (next !== Number.POSITIVE_INFINITY) this.#wait(next);
    for (const each of expired) each.expire();
  }
}
