import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";

/** Why fewer may be under way than usual. */
export interface Pressure {
  /** From how many under way on it is asked. */
  readonly from: number;
  /** Whether no more may come for now. */
  isHigh(): boolean;
}

/** The places for what may be under way at the same time. Whoever enters leaves, once. */
export class InFlight {
  readonly #limit: number;
  readonly #pressure: Pressure;
  /** Made once: a refusal must cost little, and where it was made says nothing. */
  readonly #refusal: GatewayError;
  #count = 0;

  /**
   * @param limit how many places there are
   * @param what has the places, as the refusal calls it
   * @param pressure what closes some of them at times
   */
  constructor(limit: number, what: string, pressure: Pressure = { from: limit, isHigh: () => true }) {
    this.#limit = limit;
    this.#pressure = pressure;
    this.#refusal = new GatewayError(Status.UNAVAILABLE, `the gateway has too many ${what} under way`, {
      headers: { "Retry-After": "1" },
    });
  }

  /** The refusal, if there is no place. */
  get refusal(): GatewayError | undefined {
    if (this.#count < this.#pressure.from) return undefined;
    return this.#count >= this.#limit || this.#pressure.isHigh() ? this.#refusal : undefined;
  }

  /** @throws GatewayError `UNAVAILABLE` (503, with `Retry-After`) if there is no place */
  enter(): void {
    if (this.refusal !== undefined) throw this.#refusal;
    this.#count++;
  }

  leave(): void {
    this.#count--;
  }
}
