import { callCanceled } from "../errors/context-errors.js";
import { GatewayError } from "../errors/gateway-error.js";
import { warnOf } from "../errors/gateway-warning.js";
import { hasMethods } from "../options/option-kinds.js";
import { ForwardingTransport } from "../transport/forwarding-transport.js";
import { NO_METADATA } from "../transport/metadata.js";
import type {
  Call,
  CallOptions,
  EndpointStatus,
  Metadata,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "../transport/transport.js";
import { isTrusted } from "../transport/trusted-transports.js";
import { forgetPromise, isMetadataEntry, onRejection } from "./app-result.js";

/**
 * Protects the process from a transport of the app. What it throws, rejects with or returns by mistake fails the call
 * that it was asked for. Failures of `cancel`, `close` and `endpoints` are warnings of the process. A canceled call ends
 * at once, whether the transport reports its end or not. Transports of our own are returned unchanged, because they need
 * none of this.
 */
export function guarded(transport: Transport): Transport {
  return isTrusted(transport) ? transport : new GuardedTransport(transport);
}

class GuardedTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const call = new GuardedUnary(listener);
    call.start(() => this.transport.unary(path, request, options, call), "cancel");
    return call;
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const call = new GuardedStream(listener);
    call.start(() => this.transport.stream(path, options, call), "cancel", "send", "end", "pause", "resume");
    return call;
  }

  override endpoints(): readonly EndpointStatus[] {
    let status: unknown;
    warnIfFails("endpoints", () => {
      status = super.endpoints();
      return status;
    });
    return Array.isArray(status) ? status : [];
  }

  override close(): void {
    warnIfFails("close", () => this.transport.close());
  }
}

/** A call of the app's transport, until it ends. */
abstract class GuardedCall<Kind extends Call> implements Call {
  #call: Kind | undefined;
  #over = false;

  /**
   * Makes the call.
   *
   * @param methods the methods that the call must have
   */
  start(make: () => Kind, ...methods: readonly string[]): void {
    try {
      const call = make();
      forgetPromise(call);
      if (!hasMethods(call, ...methods)) {
        throw new TypeError(`the transport returned no call: expected an object with ${methods.join(", ")}`);
      }
      this.#call = call;
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  cancel(): void {
    this.fail(callCanceled());
  }

  /** Ends the call with an error. The listener is called on the next tick, never from within a function of the call. */
  protected fail(thrown: unknown): void {
    if (!this.leave()) return;
    warnIfFails("cancel", () => this.#call?.cancel());
    process.nextTick(() => this.report(GatewayError.from(thrown)));
  }

  /** Calls a function of the app's call. If it fails, so does the call. */
  protected ask(method: (call: Kind) => unknown): unknown {
    if (this.#over || this.#call === undefined) return undefined;
    try {
      const result = method(this.#call);
      onRejection(result, (thrown) => this.fail(thrown));
      return result;
    } catch (thrown) {
      this.fail(thrown);
      return undefined;
    }
  }

  /** Reports the error of the call to the listener. */
  protected abstract report(error: GatewayError): void;

  /** Whether `unary` or `stream` has returned a call. */
  protected get isMade(): boolean {
    return this.#call !== undefined;
  }

  protected get isOver(): boolean {
    return this.#over;
  }

  /** Marks the call as ended. @returns whether it had not ended before */
  protected leave(): boolean {
    if (this.#over) return false;
    this.#over = true;
    return true;
  }
}

class GuardedUnary extends GuardedCall<Call> implements UnaryListener {
  readonly #listener: UnaryListener;

  constructor(listener: UnaryListener) {
    super();
    this.#listener = listener;
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#end(() => this.#listener.onResponse(message, readable(headers), readable(trailers)));
  }

  onError(error: GatewayError, trailers: Metadata, headers: Metadata = NO_METADATA): void {
    this.#end(() => this.#listener.onError(GatewayError.from(error), readable(trailers), readable(headers)));
  }

  protected override report(error: GatewayError): void {
    this.#listener.onError(error, NO_METADATA);
  }

  #end(tell: () => void): void {
    if (!this.leave()) return;
    if (this.isMade) tell();
    // A listener never hears of a call before `unary` returns.
    else process.nextTick(tell);
  }
}

class GuardedStream extends GuardedCall<StreamCall> implements StreamCall, StreamListener {
  readonly #listener: StreamListener;
  /** The events that came before `stream` returned, and those after them, until they are told. */
  readonly #early: (() => void)[] = [];

  constructor(listener: StreamListener) {
    super();
    this.#listener = listener;
  }

  send(message: Uint8Array): boolean {
    return this.ask((call) => call.send(message)) !== false;
  }

  end(): void {
    this.ask((call) => call.end());
  }

  pause(): void {
    this.ask((call) => call.pause());
  }

  resume(): void {
    this.ask((call) => call.resume());
  }

  onHeaders(headers: Metadata): void {
    this.#tell(() => this.#listener.onHeaders(readable(headers)));
  }

  onMessage(message: Buffer): void {
    this.#tell(() => this.#listener.onMessage(message));
  }

  onDrain(): void {
    this.#tell(() => this.#listener.onDrain());
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    this.#tell(() => {
      this.leave();
      this.#listener.onEnd(error === undefined ? undefined : GatewayError.from(error), readable(trailers));
    });
  }

  protected override report(error: GatewayError): void {
    this.#listener.onEnd(error, NO_METADATA);
  }

  /** Tells the listener of an event, unless the call has ended. It never hears of a call before `stream` returns. */
  #tell(event: () => void): void {
    if (this.isMade && this.#early.length === 0) {
      if (!this.isOver) event();
      return;
    }
    if (this.#early.push(event) === 1) process.nextTick(() => this.#tellEarly());
  }

  #tellEarly(): void {
    // Events that come meanwhile are told after these.
    for (const event of this.#early) if (!this.isOver) event();
    this.#early.length = 0;
  }
}

/** Calls a function of the transport whose failure affects no call. */
function warnIfFails(name: string, method: () => unknown): void {
  const warn = (thrown: unknown): void => warnOf(`${name} of the transport failed`, thrown);
  try {
    onRejection(method(), warn);
  } catch (thrown) {
    warn(thrown);
  }
}

/** Returns the entries of metadata that can be read: none of anything else. */
function readable(metadata: unknown): Metadata {
  try {
    return Array.isArray(metadata) ? metadata.filter(isMetadataEntry) : NO_METADATA;
  } catch {
    return NO_METADATA;
  }
}
