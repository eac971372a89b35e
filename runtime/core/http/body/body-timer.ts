import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** Timers created in the current turn of the event loop. */
let fresh: BodyTimer[] = [];

/**
 * Calls back with an error when a body takes too long. Most bodies arrive together with the head of their request. So a
 * timer that is stopped in the turn of the event loop in which it was created never becomes a timer of Node.js.
 */
export class BodyTimer {
  readonly #time: number;
  #onTimeout: ((error: GatewayError) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param time in milliseconds, from the end of the current turn of the event loop */
  constructor(time: number, onTimeout: (error: GatewayError) => void) {
    this.#time = time;
    this.#onTimeout = onTimeout;
    if (fresh.push(this) === 1) setImmediate(startFresh);
  }

  stop(): void {
    this.#onTimeout = undefined;
    clearTimeout(this.#timer);
  }

  /** Starts a timer of Node.js, unless this timer has been stopped. */
  start(): void {
    const onTimeout = this.#onTimeout;
    if (onTimeout !== undefined) this.#timer = setTimeout(() => onTimeout(bodyTimedOut(this.#time)), this.#time);
  }
}

function startFresh(): void {
  const timers = fresh;
  fresh = [];
  for (const timer of timers) timer.start();
}

/** Creates the error for a body, or the first message of a stream, that takes too long. */
export function bodyTimedOut(timeout: number): GatewayError {
  return new GatewayError(Status.DEADLINE_EXCEEDED, `the request body did not arrive within ${timeout} ms`, {
    httpStatus: 408,
  });
}
