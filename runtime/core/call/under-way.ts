import type { GatewayError } from "../errors/gateway-error.js";
import { TurnedAway } from "../errors/turned-away.js";
import type { Call } from "../transport/transport.js";

/** The error of whatever the gateway's end puts an end to. */
export function shuttingDown(): GatewayError {
  return new TurnedAway("closing", "the gateway is shutting down");
}

/** Stands between a call and its listener, and in the set of those under way until it is over. */
export abstract class UnderWay<Kind extends Call, Listener> implements Call {
  call: Kind | undefined;
  protected readonly listener: Listener;
  readonly #all: Set<UnderWay<Kind, Listener>>;
  readonly #ended: () => void;

  /**
   * @param all the calls of its kind that are under way
   * @param ended called when it is so no longer
   */
  constructor(all: Set<UnderWay<Kind, Listener>>, ended: () => void, listener: Listener) {
    this.#all = all;
    this.#ended = ended;
    this.listener = listener;
    all.add(this);
  }

  cancel(): void {
    this.call?.cancel();
  }

  /** Ends it because the gateway does. */
  refuse(): void {
    this.fail(shuttingDown());
    this.call?.cancel();
  }

  /** Tells its listener an error. */
  protected abstract fail(error: GatewayError): void;

  protected get isUnderWay(): boolean {
    return this.#all.has(this);
  }

  /** Says that it is over. @returns whether it was not before */
  protected leave(): boolean {
    if (!this.#all.delete(this)) return false;
    this.#ended();
    return true;
  }
}
