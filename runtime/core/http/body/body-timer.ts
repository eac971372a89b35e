/** Timers that were made in this turn of the event loop. */
let fresh: BodyTimer[] = [];

/**
 * Calls back when a body has taken too long. Most bodies arrive together with the head of their request, so a timer that
 * is stopped in the turn of the event loop in which it was made never becomes one of Node's.
 */
export class BodyTimer {
  readonly #time: number;
  #onTimeout: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param time in milliseconds, from the end of this turn on */
  constructor(time: number, onTimeout: () => void) {
    this.#time = time;
    this.#onTimeout = onTimeout;
    if (fresh.push(this) === 1) setImmediate(startFresh);
  }

  stop(): void {
    this.#onTimeout = undefined;
    clearTimeout(this.#timer);
  }

  /** Hands it to Node, unless it has been stopped. */
  start(): void {
    if (this.#onTimeout !== undefined) this.#timer = setTimeout(this.#onTimeout, this.#time);
  }
}

function startFresh(): void {
  const timers = fresh;
  fresh = [];
  for (const timer of timers) timer.start();
}
