import type { Indexed, IndexedSet } from "../collections/indexed-set.js";
import type { GatewayError } from "../errors/gateway-error.js";
import { shuttingDown } from "../errors/rejection.js";
import type { Call } from "../transport/transport.js";

/** Forwards a call to its listener. It is in the set of calls under way until it ends. */
export abstract class UnderWay<Kind extends Call, Listener> implements Call, Indexed {
  index = -1;
  call: Kind | undefined;
  protected readonly listener: Listener;
  readonly #all: IndexedSet<UnderWay<Kind, Listener>>;
  readonly #ended: () => void;

  /**
   * @param all the calls of its kind that are under way
   * @param ended called when this call has left the set
   */
  constructor(all: IndexedSet<UnderWay<Kind, Listener>>, ended: () => void, listener: Listener) {
    this.#all = all;
    this.#ended = ended;
    this.listener = listener;
    all.add(this);
  }

  cancel(): void {
    this.call?.cancel();
  }

  /** Ends the call because the gateway closes. */
  reject(): void {
    this.fail(shuttingDown());
    this.call?.cancel();
  }

  /** Reports an error to the listener. */
  protected abstract fail(error: GatewayError): void;

  protected get isUnderWay(): boolean {
    return this.#all.has(this);
  }

  /** Marks the call as ended. @returns whether it had not ended before */
  protected leave(): boolean {
    if (!this.#all.delete(this)) return false;
    this.#ended();
    return true;
  }
}
