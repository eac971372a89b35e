import type { Pressure } from "./in-flight.js";

/** How often it is looked how busy the event loop is, in milliseconds. */
const INTERVAL = 100;
/** The share of time that leaves an event loop no pause worth the name. */
const BUSY = 0.95;
/** How long a burst may take all places, in milliseconds. */
const PATIENCE = 500;

/**
 * Pressure from within: requests come faster than this process serves them. Its event loop has then had no pause for a
 * while although a crowd waits, and each further request makes all of them slower. A burst passes before that; and a
 * crowd that waits for the server behind the gateway leaves the event loop idle.
 *
 * It looks only while it is asked, so it costs nothing in calm times.
 *
 * @see https://queue.acm.org/detail.cfm?id=2209336 CoDel: a queue that lasts, not one that is long, is bad
 */
export class EventLoopPressure implements Pressure {
  readonly from: number;
  #timer: NodeJS.Timeout | undefined;
  #asked = false;
  #busySince = 0;
  #before = performance.eventLoopUtilization();

  /** @param from how many requests are a crowd */
  constructor(from: number) {
    this.from = from;
  }

  isHigh(): boolean {
    this.#asked = true;
    if (this.#timer === undefined) {
      this.#busySince = performance.now();
      this.#before = performance.eventLoopUtilization();
      this.#timer = setInterval(() => this.#look(), INTERVAL).unref();
    }
    return performance.now() - this.#busySince >= PATIENCE;
  }

  #look(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#before);
    this.#before = now;
    if (!this.#asked) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (utilization < BUSY) {
      this.#busySince = performance.now();
    }
    this.#asked = false;
  }
}
