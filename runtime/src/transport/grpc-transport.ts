import { Channel, type ChannelOptions, credentials } from "@grpc/grpc-js";
import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";
import { type Endpoint, parseEndpoint } from "./endpoint.js";
import type { CallContext, GrpcCall } from "./grpc-call.js";
import { type Place, Pool, type Traffic } from "./pool.js";
import { maxConcurrentStreams, type TlsSide } from "./server-settings.js";
import { GrpcStreamCall } from "./stream-call.js";
import { secureContext, type TlsOptions } from "./tls.js";
import type { Call, CallOptions, StreamCall, StreamListener, Transport, UnaryListener } from "./transport.js";
import { UnaryCall } from "./unary-call.js";

/** Where to connect, and how. */
export interface GrpcTransportOptions {
  /**
   * The endpoints: `host:port`, `http://host:port`, `https://host:port` (TLS), an IPv6 address in brackets, or
   * `unix:path`. Calls take turns among those that are ready.
   */
  readonly endpoints: readonly string[];
  /** Speaks TLS to all endpoints, with or without `https://`. */
  readonly tls?: TlsOptions;
  /** How long a call waits for an endpoint before it fails with `UNAVAILABLE`, in milliseconds; 5000 by default. */
  readonly connectTimeout?: number;
  /**
   * Pings by which a connection that is half dead is noticed while calls are on it: one every `interval` milliseconds
   * (10,000 by default; etcd drops clients that ping more often than every 5 s), answered within `timeout` (3,000).
   */
  readonly keepalive?: { readonly interval?: number; readonly timeout?: number };
  /**
   * How many streams, and other calls that may wait for days, share a connection before another is opened: 100 by
   * default, but no more than the server allows.
   */
  readonly streamsPerConnection?: number;
}

/**
 * A transport over grpc-js. It connects on the first call, to all endpoints, and stays connected. A call goes to an
 * endpoint that is ready, or waits for one. It is sent again only if nothing of it can have been acted upon, or once if
 * it is marked idempotent and the connection broke before the answer began. Server streams and the like are never sent
 * again once sent.
 *
 * @throws TypeError if an option cannot be used; it names the value.
 */
export function grpcTransport(options: GrpcTransportOptions): Transport {
  const connectTimeout = positive("connectTimeout", options.connectTimeout ?? 5_000);
  const streams = positive("streamsPerConnection", options.streamsPerConnection ?? 100);
  if (options.endpoints.length === 0) throw new TypeError("no endpoints: give at least one, such as 127.0.0.1:2379");
  const channelOptions: ChannelOptions = {
    // Resending is decided in grpc-call.ts, and no message is kept for it here.
    "grpc.enable_retries": 0,
    "grpc.per_rpc_retry_buffer_size": -1,
    "grpc.service_config_disable_resolution": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc.keepalive_time_ms": positive("keepalive.interval", options.keepalive?.interval ?? 10_000),
    "grpc.keepalive_timeout_ms": positive("keepalive.timeout", options.keepalive?.timeout ?? 3_000),
    "grpc.keepalive_permit_without_calls": 0,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.dns_min_time_between_resolutions_ms": 1_000,
    "grpc.client_idle_timeout_ms": MOST_TIMER,
    ...(options.tls?.serverName === undefined ? {} : { "grpc.ssl_target_name_override": options.tls.serverName }),
  };
  const tls = options.tls;
  let secure = tls === undefined ? undefined : tlsSide(tls);
  const places = options.endpoints.map((text): Place => {
    const endpoint: Endpoint = parseEndpoint(text);
    if (endpoint.secure === false && tls !== undefined) {
      throw new TypeError(
        `endpoint ${JSON.stringify(text)} is plain http, but tls is given: write https or leave tls out`,
      );
    }
    if (endpoint.secure) secure ??= tlsSide({});
    const chosen = endpoint.secure || tls !== undefined ? secure : undefined;
    const channelCredentials =
      chosen === undefined ? credentials.createInsecure() : credentials.createFromSecureContext(chosen.secureContext);
    return {
      name: text,
      open: (traffic) => new Channel(endpoint.target, channelCredentials, { ...channelOptions, ...WINDOWS[traffic] }),
      mostStreams: async () => Math.min(streams, await maxConcurrentStreams(endpoint.target, chosen)),
    };
  });
  return new GrpcTransport(new Pool(places, connectTimeout), connectTimeout);
}

function tlsSide(tls: TlsOptions): TlsSide {
  const { serverName } = tls;
  return { secureContext: secureContext(tls), ...(serverName !== undefined && { servername: serverName }) };
}

/**
 * The flow control windows. With HTTP/2's own 64 KiB a large answer from 10 ms away takes a second for every 6 MB. Unary
 * answers are read as they come, so a larger one costs no memory; a stream that is paused fills its window.
 */
const WINDOWS: Readonly<Record<Traffic, ChannelOptions>> = {
  short: { "grpc-node.flow_control_window": 1024 * 1024 },
  long: {},
};

/** The longest that a timer of Node.js takes, in milliseconds: 24.8 days. */
const MOST_TIMER = 2 ** 31 - 1;

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= MOST_TIMER) return value;
  throw new TypeError(`bad ${name} ${value}: it must be a whole number from 1 to ${MOST_TIMER}`);
}

class GrpcTransport implements Transport {
  readonly #context: CallContext;
  #closed = false;

  constructor(pool: Pool, connectTimeout: number) {
    this.#context = { pool, connectTimeout, calls: new Set<GrpcCall>() };
  }

  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const bytes = Buffer.isBuffer(request)
      ? request
      : Buffer.from(request.buffer, request.byteOffset, request.byteLength);
    const call = new UnaryCall(this.#context, path, bytes, options, listener);
    this.#start(call);
    return call;
  }

  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const call = new GrpcStreamCall(this.#context, path, options, listener);
    this.#start(call);
    return call;
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#context.calls) call.abort(closed());
    this.#context.pool.close();
  }

  #start(call: GrpcCall): void {
    if (this.#closed) call.abort(closed());
    else call.start();
  }
}

function closed(): GatewayError {
  return new GatewayError(Status.UNAVAILABLE, "the gateway has closed its connections");
}
