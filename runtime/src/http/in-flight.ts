import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";

/** Counts what is under way, up to a limit. */
export class InFlight {
  readonly #limit: number;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws GatewayError `UNAVAILABLE` (503, with `Retry-After`) if the limit is reached */
  enter(): void {
    if (this.#count >= this.#limit) {
      throw new GatewayError(Status.UNAVAILABLE, "the gateway has too many requests under way", {
        headers: { "Retry-After": "1" },
      });
    }
    this.#count++;
  }

  leave(): void {
    this.#count--;
  }
}
