import type { GatewayError } from "../../errors/gateway-error.js";
import { Rejection } from "../../errors/rejection.js";
import type { Crowd } from "./crowd.js";

/** The places of a limit. Each place that is taken needs one call of `leave`. */
export class Places {
  readonly #limit: number;
  readonly #crowd: Crowd | undefined;
  /** Created once, because the error must be cheap and its stack trace is of no use. */
  readonly #overload: GatewayError;
  #count = 0;

  /**
   * @param limit the number of places
   * @param what what takes the places, for the error message
   * @param crowd no place is free while it stays
   */
  constructor(limit: number, what: string, crowd?: Crowd) {
    this.#limit = limit;
    this.#crowd = crowd;
    this.#overload = new Rejection("overload", `the gateway has too many ${what} in progress`);
  }

  /** Returns the error if no place is free: `UNAVAILABLE` (503, with `Retry-After`). */
  check(): GatewayError | undefined {
    const isFull = this.#count >= this.#limit || this.#crowd?.stays(this.#count) === true;
    return isFull ? this.#overload : undefined;
  }

  /** Takes a place, or returns the error if none is free. */
  tryEnter(): GatewayError | undefined {
    const overload = this.check();
    if (overload === undefined) this.#count++;
    return overload;
  }

  leave(): void {
    this.#count--;
  }
}
