import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { CallContext, GrpcCall } from "./call.js";
import type { Place } from "./connection.js";
import { Deadlines } from "./deadlines.js";
import { parseEndpoint } from "./endpoint.js";
import { grpcJsPlace } from "./grpc-js/place.js";
import { leanPlace } from "./lean/place.js";
import { type ChannelKind, MOST_TIMER, type PlaceOptions } from "./place-options.js";
import { Pool } from "./pool.js";
import { GrpcStreamCall } from "./stream-call.js";
import { type TlsOptions, tlsSide } from "./tls.js";
import type { Call, CallOptions, StreamCall, StreamListener, Transport, UnaryListener } from "./transport.js";
import { UnaryCall } from "./unary-call.js";

/** Where to connect, and how. */
export interface GrpcTransportOptions {
  /**
   * The endpoints: `host:port`, `http://host:port`, `https://host:port` (TLS), an IPv6 address in brackets, or
   * `unix:path`. Calls take turns among those that are ready.
   */
  readonly endpoints: readonly string[];
  /**
   * What carries the calls: `grpc-js`, the default, or `lean`, a channel of this package's own that takes a quarter of
   * the time and does not load grpc-js. All else is the same.
   */
  readonly channel?: ChannelKind;
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
 * A transport over gRPC. It connects on the first call, to all endpoints, and stays connected. A call goes to an
 * endpoint that is ready, or waits for one. It is sent again only if nothing of it can have been acted upon, or once if
 * it is marked idempotent and the connection broke before the answer began. Server streams and the like are never sent
 * again once sent.
 *
 * @throws TypeError if an option cannot be used; it names the value.
 */
export function grpcTransport(options: GrpcTransportOptions): Transport {
  const connectTimeout = positive("connectTimeout", options.connectTimeout ?? 5_000);
  const streams = positive("streamsPerConnection", options.streamsPerConnection ?? 100);
  const keepalive = {
    interval: positive("keepalive.interval", options.keepalive?.interval ?? 10_000),
    timeout: positive("keepalive.timeout", options.keepalive?.timeout ?? 3_000),
  };
  const placeOf = PLACES[options.channel ?? "grpc-js"];
  if (placeOf === undefined) {
    throw new TypeError(`bad channel ${JSON.stringify(options.channel)}: it must be "grpc-js" or "lean"`);
  }
  if (options.endpoints.length === 0) throw new TypeError("no endpoints: give at least one, such as 127.0.0.1:2379");
  const { tls } = options;
  let secure = tls === undefined ? undefined : tlsSide(tls);
  const places = options.endpoints.map((text, number): Place => {
    const endpoint = parseEndpoint(text);
    if (endpoint.secure === false && tls !== undefined) {
      throw new TypeError(
        `endpoint ${JSON.stringify(text)} is plain http, but tls is given: write https or leave tls out`,
      );
    }
    if (endpoint.secure) secure ??= tlsSide({});
    return placeOf({
      number,
      name: text,
      address: endpoint.address,
      tls: endpoint.secure || tls !== undefined ? secure : undefined,
      connectTimeout,
      keepalive,
      streams,
    });
  });
  return new GrpcTransport(new Pool(places), connectTimeout);
}

const PLACES: Readonly<Record<ChannelKind, (options: PlaceOptions) => Place>> = {
  "grpc-js": grpcJsPlace,
  lean: leanPlace,
};

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= MOST_TIMER) return value;
  throw new TypeError(`bad ${name} ${value}: it must be a whole number from 1 to ${MOST_TIMER}`);
}

class GrpcTransport implements Transport {
  readonly #context: CallContext;
  #closed = false;

  constructor(pool: Pool, connectTimeout: number) {
    this.#context = { pool, connectTimeout, deadlines: new Deadlines(), calls: new Set<GrpcCall>() };
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
