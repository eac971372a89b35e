import {
  type Call,
  type CallOptions,
  callCanceled,
  type GatewayError,
  type Metadata,
  monotonicTime,
  NO_METADATA,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { isMemberFault } from "./member-fault.js";

/** The delay before each further attempt, in milliseconds. Members take about a second to elect a leader. */
const DELAYS = [0, 200, 500, 1_000];

/** A unary call that changes nothing. If a member fails for a reason of its own, another member is asked. */
export class RetriedUnary implements Call, UnaryListener {
  readonly #make: (self: UnaryListener) => Call;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  #call: Call | undefined;
  #attempts = 0;
  /** The timer of the next attempt, while the call waits for it. */
  #wait: NodeJS.Timeout | undefined;

  constructor(transport: Transport, path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener) {
    this.#make = (self) => transport.unary(path, request, options, self);
    this.#options = options;
    this.#listener = listener;
  }

  /** Makes the call. */
  start(): void {
    this.#call = this.#make(this);
  }

  cancel(): void {
    if (this.#wait === undefined) {
      this.#call?.cancel();
      return;
    }
    clearTimeout(this.#wait);
    this.#wait = undefined;
    this.#call = undefined;
    process.nextTick(() => this.#listener.onError(callCanceled(), NO_METADATA));
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#listener.onResponse(message, headers, trailers);
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    const delay = DELAYS[this.#attempts];
    const { deadline = Number.POSITIVE_INFINITY } = this.#options;
    if (delay === undefined || !isMemberFault(error.message) || monotonicTime() + delay >= deadline) {
      this.#listener.onError(error, trailers, headers);
      return;
    }
    this.#attempts += 1;
    this.#wait = setTimeout(() => {
      this.#wait = undefined;
      this.start();
    }, delay);
  }
}
