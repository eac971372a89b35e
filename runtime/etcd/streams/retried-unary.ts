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
import { failedEndpoints } from "./failed-endpoints.js";
import { isMemberFault, isRefusal, REPEAT_DELAYS } from "./member-fault.js";

/**
 * A unary call. If a member fails for a reason of its own, another member is asked. A call that may change something is
 * repeated only if the member says that it has carried out nothing.
 */
export class RetriedUnary implements Call, UnaryListener {
  readonly #make: (options: CallOptions, self: UnaryListener) => Call;
  readonly #path: string;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  #call: Call | undefined;
  #attempts = 0;
  #avoid: readonly string[] = [];
  /** The timer of the next attempt, while the call waits for it. */
  #wait: NodeJS.Timeout | undefined;

  constructor(transport: Transport, path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener) {
    this.#make = (changed, self) => transport.unary(path, request, changed, self);
    this.#path = path;
    this.#options = options;
    this.#listener = listener;
  }

  /** Makes the call. */
  start(): void {
    this.#call = this.#make(this.#options, this);
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
    const delay = REPEAT_DELAYS[this.#attempts];
    const { deadline = Number.POSITIVE_INFINITY } = this.#options;
    if (delay === undefined || !this.#mayRepeat(error) || monotonicTime() + delay >= deadline) {
      this.#listener.onError(error, trailers, headers);
      return;
    }
    this.#attempts += 1;
    this.#avoid = failedEndpoints(this.#avoid, error);
    this.#wait = setTimeout(() => {
      this.#wait = undefined;
      this.#call = this.#make({ ...this.#options, avoid: this.#avoid }, this);
    }, delay);
  }

  #mayRepeat({ message }: GatewayError): boolean {
    return this.#options.idempotent ? isMemberFault(message) : isRefusal(message, this.#path);
  }
}
