import type { Checked } from "../options/option.js";
import { monotonicTime } from "../timers/monotonic-time.js";
import type { Arrivals, CallOptions, CallProgress, Metadata } from "../transport/transport.js";
import type { CallTimeouts } from "./call-timeouts.js";
import type { Rpc } from "./rpc.js";

/** Whether calls of an RPC may wait for days: it streams, or the options set it no time limit. */
export function isLongRpc({ name, method }: Rpc, timeouts: Checked<CallTimeouts>): boolean {
  return method.requestStream || method.responseStream || timeouts.rpcs[name] === 0;
}

/** What the options say about the calls of one RPC. */
export class CallRules {
  /** The time limit of a call that sets none itself, in milliseconds; 0 for none. */
  readonly #timeout: number;
  readonly #idempotent: boolean;
  readonly #isLong: boolean;

  /** @param idempotent whether the calls change nothing */
  constructor(rpc: Rpc, timeouts: Checked<CallTimeouts>, idempotent: boolean) {
    const { requestStream, responseStream } = rpc.method;
    this.#timeout = timeouts.rpcs[rpc.name] ?? (requestStream || responseStream ? 0 : timeouts.unary);
    this.#idempotent = idempotent;
    this.#isLong = isLongRpc(rpc, timeouts);
  }

  /**
   * Returns the options of a call.
   *
   * @param timeout the time limit that the call sets itself, in milliseconds; 0 for none
   */
  options(
    metadata: Metadata,
    timeout: number = this.#timeout,
    accept?: string | undefined,
    progress?: CallProgress | undefined,
    arrivals?: Arrivals | undefined,
  ): CallOptions {
    return {
      metadata,
      deadline: timeout === 0 ? undefined : monotonicTime() + timeout,
      idempotent: this.#idempotent,
      isLong: this.#isLong,
      accept,
      progress,
      arrivals,
    };
  }
}
