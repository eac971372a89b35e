import type {
  Call,
  CallOptions,
  EndpointStatus,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "./transport.js";

/**
 * A transport that forwards everything to another one. Extend it, and override the methods to change:
 *
 * ```ts
 * class CountingTransport extends ForwardingTransport {
 *   calls = 0;
 *   override unary(...call: Parameters<Transport["unary"]>): Call {
 *     this.calls++;
 *     return super.unary(...call);
 *   }
 * }
 * ```
 */
export class ForwardingTransport implements Transport {
  /** The transport that calls are forwarded to. */
  protected readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    return this.transport.unary(path, request, options, listener);
  }

  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    return this.transport.stream(path, options, listener);
  }

  endpoints(): readonly EndpointStatus[] {
    return this.transport.endpoints?.() ?? [];
  }

  close(): void {
    this.transport.close();
  }
}
