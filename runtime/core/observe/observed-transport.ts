import type { GatewayError } from "../errors/gateway-error.js";
import { ForwardingTransport } from "../transport/forwarding-transport.js";
import type {
  Call,
  CallOptions,
  CallProgress,
  Metadata,
  StreamCall,
  StreamListener,
  UnaryListener,
} from "../transport/transport.js";

/**
 * Reports the calls that have a `progress`: when a call is made, and when the server responds. Other calls pass
 * unchanged.
 */
export class ObservedTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const { progress } = options;
    if (progress === undefined) return this.transport.unary(path, request, options, listener);
    const metadata = progress.onCall(options.metadata);
    return this.transport.unary(path, request, { ...options, metadata }, new ObservedUnary(listener, progress));
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const { progress } = options;
    if (progress === undefined) return this.transport.stream(path, options, listener);
    const metadata = progress.onCall(options.metadata);
    return this.transport.stream(path, { ...options, metadata }, new ObservedStream(listener, progress));
  }
}

class ObservedUnary implements UnaryListener {
  readonly #listener: UnaryListener;
  readonly #progress: CallProgress;

  constructor(listener: UnaryListener, progress: CallProgress) {
    this.#listener = listener;
    this.#progress = progress;
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#progress.onResult();
    this.#listener.onResponse(message, headers, trailers);
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    this.#progress.onResult();
    this.#listener.onError(error, trailers, headers);
  }
}

class ObservedStream implements StreamListener {
  readonly #listener: StreamListener;
  readonly #progress: CallProgress;

  constructor(listener: StreamListener, progress: CallProgress) {
    this.#listener = listener;
    this.#progress = progress;
  }

  onHeaders(headers: Metadata): void {
    this.#listener.onHeaders(headers);
  }

  onMessage(message: Buffer): void {
    this.#progress.onResult();
    this.#listener.onMessage(message);
  }

  onDrain(): void {
    this.#listener.onDrain();
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    this.#progress.onResult();
    this.#listener.onEnd(error, trailers);
  }
}
