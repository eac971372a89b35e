import { ConnectionBroken, type GatewayError, monotonicTime } from "@etcd-gateway/runtime";
import { Backoff } from "./backoff.js";
import { isMemberFault, REPEAT_DELAYS } from "./member-fault.js";

/** The minimum duration of an attempt, in milliseconds, for the next one to begin without delay. */
const STABLE_ATTEMPT = 1_000;

/** What an attempt has achieved. */
export interface Achievement {
  /** When it began, in milliseconds of `performance.now()`. */
  readonly begunAt: number;
  /** Whether a response has arrived. */
  readonly hasResponded: boolean;
  /** Whether a response that arrived was delivered to the client. */
  readonly hasDelivered: boolean;
}

/** Decides when a call whose attempt has failed is tried again, and when it has to give up. */
export class Recovery {
  readonly #timeout: number;
  readonly #deadline: number;
  readonly #backoff = new Backoff();
  #hasReached = false;
  /** How often the call was repeated before etcd was reached, because members responded with faults of their own. */
  #repeats = 0;
  /** Whether the call must be resumed, and not only repeated. */
  #isBroken = false;
  /** The break from which the call has not recovered yet. */
  #lost: { readonly error: GatewayError; readonly at: number } | undefined;
  #retry: NodeJS.Timeout | undefined;
  #giveUp: NodeJS.Timeout | undefined;

  /**
   * @param timeout how long to try, in milliseconds
   * @param deadline the deadline of the call, if it has one
   */
  constructor(timeout: number, deadline: number = Number.POSITIVE_INFINITY) {
    this.#timeout = timeout;
    this.#deadline = deadline;
  }

  /** Whether etcd has responded, or was connected before. */
  get hasReached(): boolean {
    return this.#hasReached;
  }

  /** Registers that etcd has responded. */
  reached(): void {
    this.#hasReached = true;
  }

  /** Whether a call that has not reached etcd can be repeated, because the error concerns only one member. */
  mayRepeat(error: GatewayError): boolean {
    return this.#repeats < REPEAT_DELAYS.length && isMemberFault(error.message);
  }

  /** Registers that the attempt works, so that the call need not give up. Returns whether it has been resumed. */
  recovered(): boolean {
    if (this.#giveUp === undefined) return false;
    clearTimeout(this.#giveUp);
    this.#giveUp = undefined;
    const wasBroken = this.#isBroken;
    this.#isBroken = false;
    return wasBroken;
  }

  /**
   * Registers that an attempt has failed. Returns the delay before the next one, in milliseconds. If there is no time
   * left, it returns the error with which the call fails: the first since the call was well.
   *
   * @param giveUp called with that error when there is no time left later
   */
  failed(
    attempt: Achievement | undefined,
    error: GatewayError,
    giveUp: (error: GatewayError) => void,
  ): number | GatewayError {
    const now = performance.now();
    const lasted = attempt?.hasResponded === true && now - attempt.begunAt >= STABLE_ATTEMPT;
    if (lasted) this.#backoff.reset();
    // A connection that breaks repeatedly without progress must fail eventually.
    if (lasted || attempt?.hasDelivered === true) this.#lost = undefined;
    const wait = this.#nextWait(error);
    this.#lost ??= { error, at: now };
    const { error: first, at } = this.#lost;
    const left = this.#timeout - (now - at);
    if (left <= 0) return first;
    this.#giveUp ??= setTimeout(() => giveUp(first), left);
    return Math.max(0, Math.min(wait, this.#deadline - monotonicTime()));
  }

  /** Tries again after a delay. */
  retryIn(delay: number, retry: () => void): void {
    this.#retry = setTimeout(retry, delay);
  }

  /** Ends its timers. */
  stop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#giveUp);
  }

  /** Returns the delay before the next attempt, in milliseconds. */
  #nextWait(error: GatewayError): number {
    const repeat = this.#hasReached || error instanceof ConnectionBroken ? undefined : REPEAT_DELAYS[this.#repeats];
    if (repeat === undefined) {
      this.#hasReached = true;
      this.#isBroken = true;
      return this.#backoff.next();
    }
    this.#repeats += 1;
    return repeat;
  }
}
