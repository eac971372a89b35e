import type { IncomingMessage } from "node:http";
import { IndexedSet } from "../collections/indexed-set.js";
import { deadlineExceeded } from "../errors/context-errors.js";
import type { GatewayError } from "../errors/gateway-error.js";
import type { Checked } from "../options/option.js";
import { monotonicTime } from "../timers/monotonic-time.js";
import { NO_METADATA } from "../transport/metadata.js";
import type {
  Arrivals,
  Call,
  CallOptions,
  CallProgress,
  Metadata,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "../transport/transport.js";
import { CallRules } from "./call-rules.js";
import type { CallTimeouts } from "./call-timeouts.js";
import { InterceptedStream } from "./intercept/intercepted-stream.js";
import { InterceptedUnary } from "./intercept/intercepted-unary.js";
import { interceptorError } from "./intercept/interceptor-error.js";
import type { AnyInterceptor } from "./intercept/interceptor-table.js";
import { ForwardedHeaders } from "./metadata/forwarded-headers.js";
import { changedMetadata, type MetadataSource } from "./metadata/metadata-source.js";
import { requestMetadata } from "./metadata/request-metadata.js";
import { parseGrpcTimeout } from "./parse-grpc-timeout.js";
import type { Rpc } from "./rpc.js";
import { UnderWay } from "./under-way.js";

/** The options of a {@link Caller}. */
export interface CallerOptions {
  /** Time limits of calls whose clients set none. */
  readonly timeouts: Checked<CallTimeouts>;
  /**
   * The full names of the RPCs that change nothing. They may be sent again when a connection breaks. None by default.
   */
  readonly idempotent?: ReadonlySet<string>;
  /**
   * The HTTP request headers to forward as metadata of the same name, in addition to `Authorization` and
   * `Grpc-Metadata-*`. `X-*` stands for all headers that begin with `X-`.
   */
  readonly forwardHeaders?: readonly string[];
  /** Returns the metadata of a call, from its HTTP request. */
  readonly metadata?: MetadataSource;
  /** The interceptors, by the full names of their RPCs. */
  readonly interceptors?: ReadonlyMap<string, AnyInterceptor>;
  /** Decides when large responses may arrive. They may always by default. */
  readonly arrivals?: Arrivals;
}

/**
 * Makes calls on behalf of HTTP requests. Sets the deadline and the metadata of each call, and keeps track of it until
 * it ends.
 */
export class Caller {
  readonly #transport: Transport;
  readonly #timeouts: Checked<CallTimeouts>;
  readonly #idempotent: ReadonlySet<string>;
  /** The rules of the RPCs that have been called, by their full names. */
  readonly #rules = new Map<string, CallRules>();
  readonly #forward: ForwardedHeaders;
  readonly #metadata: MetadataSource | undefined;
  readonly #interceptors: ReadonlyMap<string, AnyInterceptor>;
  readonly #arrivals: Arrivals | undefined;
  readonly #unaries: IndexedSet<UnderWay<Call, UnaryListener>> = new IndexedSet();
  readonly #streams: IndexedSet<UnderWay<StreamCall, StreamListener>> = new IndexedSet();
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor(transport: Transport, options: CallerOptions) {
    this.#transport = transport;
    this.#timeouts = options.timeouts;
    this.#idempotent = options.idempotent ?? new Set();
    this.#forward = new ForwardedHeaders(options.forwardHeaders ?? []);
    this.#metadata = options.metadata;
    this.#interceptors = options.interceptors ?? new Map();
    this.#arrivals = options.arrivals;
  }

  /**
   * Starts a unary call.
   *
   * @param req the HTTP request that the call is made for
   * @param progress receives the events of the call
   * @throws GatewayError `INVALID_ARGUMENT` for a `Grpc-Timeout` or `Grpc-Metadata-*-Bin` header that cannot be read;
   *   or the error of the app's metadata function
   */
  unary(
    rpc: Rpc,
    request: Uint8Array,
    req: IncomingMessage,
    listener: UnaryListener,
    progress?: CallProgress | undefined,
  ): Call {
    const options = this.#options(rpc, req, progress);
    const call = new UnaryUnderWay(this.#unaries, this.#ended, listener);
    if (this.#closing !== undefined) {
      process.nextTick(() => call.reject());
      return call;
    }
    const interceptor = this.#interceptors.get(rpc.name);
    if (interceptor === undefined) {
      call.call = this.#transport.unary(rpc.method.path, request, options, call);
    } else {
      const intercepted = new InterceptedUnary(rpc, this.#transport, options, call);
      call.call = intercepted;
      intercepted.start(interceptor, request, req);
    }
    return call;
  }

  /**
   * Starts a call of any kind as a stream.
   *
   * @throws GatewayError as {@link Caller.unary} does; `DEADLINE_EXCEEDED` if the client's deadline has already passed
   */
  stream(rpc: Rpc, req: IncomingMessage, listener: StreamListener, progress?: CallProgress | undefined): StreamCall {
    const options = this.#options(rpc, req, progress);
    if (options.deadline !== undefined && options.deadline < monotonicTime() + 1) {
      throw deadlineExceeded();
    }
    const call = new StreamUnderWay(this.#streams, this.#ended, listener);
    if (this.#closing !== undefined) {
      process.nextTick(() => call.reject());
      return call;
    }
    const interceptor = this.#interceptors.get(rpc.name);
    if (interceptor === undefined) {
      call.call = this.#transport.stream(rpc.method.path, options, call);
    } else {
      const intercepted = new InterceptedStream(rpc, this.#transport, options, call);
      call.call = intercepted;
      intercepted.start(interceptor, req);
    }
    return call;
  }

  /**
   * Shuts down. New calls and open streams fail with `UNAVAILABLE`. Unary calls may finish within `grace` milliseconds,
   * then the remaining ones fail with `UNAVAILABLE` too. Resolves when no call is left. The transport stays open.
   */
  close(grace: number): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      for (const stream of this.#streams) stream.reject();
      const timer = setTimeout(() => {
        for (const unary of this.#unaries) unary.reject();
      }, grace);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#ended();
    });
    return this.#closing;
  }

  readonly #ended = (): void => {
    if (this.#unaries.size === 0 && this.#streams.size === 0) this.#drained?.();
  };

  #options(rpc: Rpc, req: IncomingMessage, progress: CallProgress | undefined): CallOptions {
    const { headers } = req;
    const asked = headers["grpc-timeout"];
    const timeout = typeof asked === "string" && asked !== "" ? parseGrpcTimeout(asked) : undefined;
    const forwarded = requestMetadata(headers, this.#forward);
    const metadata = this.#metadata === undefined ? forwarded : this.#changed(this.#metadata, forwarded, rpc, req);
    return this.#rulesOf(rpc).options(metadata, timeout, headers.accept, progress, this.#arrivals);
  }

  #rulesOf(rpc: Rpc): CallRules {
    const known = this.#rules.get(rpc.name);
    if (known !== undefined) return known;
    const rules = new CallRules(rpc, this.#timeouts, this.#idempotent.has(rpc.name));
    this.#rules.set(rpc.name, rules);
    return rules;
  }

  /** Applies the app's metadata function. Its errors are treated as those of an interceptor. */
  #changed(source: MetadataSource, metadata: Metadata, rpc: Rpc, req: IncomingMessage): Metadata {
    try {
      return changedMetadata(metadata, source(req, rpc.name, metadata));
    } catch (error) {
      throw interceptorError(error);
    }
  }
}

/** A unary call through the gateway, until it ends. */
class UnaryUnderWay extends UnderWay<Call, UnaryListener> implements UnaryListener {
  protected override fail(error: GatewayError): void {
    this.onError(error, NO_METADATA);
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    if (this.leave()) this.listener.onResponse(message, headers, trailers);
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    if (this.leave()) this.listener.onError(error, trailers, headers);
  }
}

/** A streaming call through the gateway, until it ends. */
class StreamUnderWay extends UnderWay<StreamCall, StreamListener> implements StreamCall, StreamListener {
  protected override fail(error: GatewayError): void {
    this.onEnd(error, NO_METADATA);
  }

  send(message: Uint8Array): boolean {
    return this.call?.send(message) ?? true;
  }

  end(): void {
    this.call?.end();
  }

  pause(): void {
    this.call?.pause();
  }

  resume(): void {
    this.call?.resume();
  }

  onHeaders(headers: Metadata): void {
    if (this.isUnderWay) this.listener.onHeaders(headers);
  }

  onMessage(message: Buffer): void {
    if (this.isUnderWay) this.listener.onMessage(message);
  }

  onDrain(): void {
    if (this.isUnderWay) this.listener.onDrain();
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    if (this.leave()) this.listener.onEnd(error, trailers);
  }
}
