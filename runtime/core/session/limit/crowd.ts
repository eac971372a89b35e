/**
 * From this number of concurrent requests on, there is a crowd. Fewer delay each other by some tens of milliseconds at
 * most.
 */
const CROWD = 128;
/** After this time without a crowd, the next one counts as new, in milliseconds. Rejected clients return sooner. */
const GONE = 1_000;
/** How long a crowd may keep the event loop busy, in milliseconds. A burst is served in less time. */
const PATIENCE = 500;
/** The utilization from which on an event loop counts as busy: it has practically no pauses. */
const BUSY = 0.9;
/** The time over which utilization is measured, in milliseconds. */
const SPAN = 100;

/**
 * Distinguishes a crowd that stays from a burst that passes. If there are more requests than the process can serve, new
 * ones keep arriving and keep the event loop busy without a pause. Each further request then slows down all others. A
 * crowd that only waits for the server behind the gateway leaves the event loop idle and does no harm.
 *
 * @see https://queue.acm.org/detail.cfm?id=2209336 CoDel: a queue that stays is bad, not a queue that is long
 */
export class Crowd {
  #busySince = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #before = performance.eventLoopUtilization();

  /** Whether this number of concurrent requests is a crowd that has stayed for too long. */
  stays(count: number): boolean {
    if (count < CROWD) return false;
    const now = performance.now();
    const passed = now - this.#lookedAt;
    if (passed >= SPAN) {
      const isIdle = performance.eventLoopUtilization(this.#before).utilization < BUSY;
      if (isIdle || passed >= GONE) this.#busySince = now;
      this.#before = performance.eventLoopUtilization();
      this.#lookedAt = now;
    }
    return now - this.#busySince >= PATIENCE;
  }
}
