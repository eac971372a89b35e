import type { GatewayError } from "../../errors/gateway-error.js";
import { TurnedAway } from "../../errors/turned-away.js";
import type { Crowd } from "./crowd.js";

/** The places for what may be under way at the same time. Whoever enters leaves, once. */
export class InFlight {
  readonly #limit: number;
  readonly #crowd: Crowd | undefined;
  /** Made once: the error must cost little, and where it was made says nothing. */
  readonly #overload: GatewayError;
  #count = 0;

  /**
   * @param limit how many places there are
   * @param what has the places, as the error calls it
   * @param crowd closes places while it stays
   */
  constructor(limit: number, what: string, crowd?: Crowd) {
    this.#limit = limit;
    this.#crowd = crowd;
    this.#overload = new TurnedAway("overload", `the gateway has too many ${what} under way`, {
      headers: { "Retry-After": "1" },
    });
  }

  /** The error, if there is no place. */
  get overload(): GatewayError | undefined {
    const isFull = this.#count >= this.#limit || this.#crowd?.stays(this.#count) === true;
    return isFull ? this.#overload : undefined;
  }

  /** @throws GatewayError `UNAVAILABLE` (503, with `Retry-After`) if there is no place */
  enter(): void {
    if (this.overload !== undefined) throw this.#overload;
    this.#count++;
  }

  leave(): void {
    this.#count--;
  }
}
