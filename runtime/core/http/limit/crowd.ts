/** From how many under way on there is a crowd. Fewer wait some tens of milliseconds for each other at most. */
const CROWD = 128;
/** How long there is none before a crowd counts as another one, in milliseconds: longer than the refused stay away. */
const GONE = 1_000;
/** How long a crowd may keep the event loop busy, in milliseconds: a burst is served in less. */
const PATIENCE = 500;
/** The share of time that leaves an event loop no pause worth the name. */
const BUSY = 0.9;
/** How much time is looked at at once, in milliseconds. */
const SPAN = 100;

/**
 * Tells a crowd that stays from a burst that passes. More requests than the process can serve come as a crowd again and
 * again and keep the event loop busy without a pause, and each further one makes all of them slower. A crowd that waits
 * for the server behind the gateway leaves the event loop idle, and does no harm.
 *
 * @see https://queue.acm.org/detail.cfm?id=2209336 CoDel: a queue that stays is bad, not one that is long
 */
export class Crowd {
  #busySince = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #before = performance.eventLoopUtilization();

  /** Whether so many under way are a crowd that has stayed for too long. */
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
