import { LONGEST_DELAY } from "../../timers/longest-delay.js";
import { monotonicTime } from "../../timers/monotonic-time.js";

/** An object with a deadline. */
export interface Expiring {
  /** Called when the deadline has passed. */
  expire(): void;
}

/** The precision of deadlines, in milliseconds. Each expires at most this much too late. */
const GRAIN = 10;

/**
 * Keeps deadlines with a single timer, because most calls end long before their deadlines. The timer never keeps the
 * process alive.
 */
export class Deadlines {
  /** The objects whose deadlines are in the same span of time, by the number of the span. */
  readonly #spans: Map<number, Set<Expiring>> = new Map();
  #timer: NodeJS.Timeout | undefined;
  /** The span that the timer waits for, or an earlier one. */
  #next = Number.POSITIVE_INFINITY;

  /**
   * Adds a deadline.
   *
   * @param deadline a time of {@link monotonicTime}
   * @returns the number of its span, for {@link remove}
   */
  add(deadline: number, expiring: Expiring): number {
    const span = Math.ceil(deadline / GRAIN);
    const others = this.#spans.get(span);
    if (others === undefined) this.#spans.set(span, new Set([expiring]));
    else others.add(expiring);
    if (span < this.#next) this.#wait(span);
    return span;
  }

  /** Removes a deadline, whether it has passed or not. */
  remove(span: number, expiring: Expiring): void {
    const others = this.#spans.get(span);
    if (others === undefined) return;
    others.delete(expiring);
    if (others.size === 0) this.#spans.delete(span);
  }

  #wait(span: number): void {
    clearTimeout(this.#timer);
    this.#next = span;
    const time = Math.min(Math.max(Math.ceil(span * GRAIN - monotonicTime()), 0), LONGEST_DELAY);
    this.#timer = setTimeout(() => this.#expire(), time).unref();
  }

  #expire(): void {
    this.#next = Number.POSITIVE_INFINITY;
    const now = monotonicTime();
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
