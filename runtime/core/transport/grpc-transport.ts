import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { readOptions } from "../options/option-group.js";
import { shown } from "../options/shown.js";
import type { CallContext, GrpcCall } from "./call/call.js";
import { Deadlines } from "./call/deadlines.js";
import { GrpcStreamCall } from "./call/stream-call.js";
import { UnaryCall } from "./call/unary-call.js";
import type { Place } from "./endpoints/connection.js";
import { parseEndpoint } from "./endpoints/endpoint.js";
import type { PlaceOptions } from "./endpoints/place-options.js";
import { Pool } from "./endpoints/pool.js";
import { TlsSide } from "./endpoints/tls.js";
import { grpcJsPlace } from "./grpc-js/grpc-js-place.js";
import { leanPlace } from "./lean/lean-place.js";
import type {
  Call,
  CallOptions,
  EndpointStatus,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "./transport.js";
import {
  type ChannelKind,
  GRPC_TRANSPORT_OPTIONS,
  type GrpcTransportOptions,
  TLS_CERTIFICATES,
  type TlsOptions,
  type TlsSettings,
} from "./transport-options.js";

const PLACES: Readonly<Record<ChannelKind, (options: PlaceOptions) => Place>> = {
  "grpc-js": grpcJsPlace,
  lean: leanPlace,
};

const NO_TLS_OPTIONS: TlsSettings = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };

/** A transport over gRPC, to endpoints of its own. */
export interface GrpcTransport extends Transport {
  /**
   * Takes other certificates, as those that it has are about to expire: for connections that begin from now on. Those
   * that there are stay, and so do the calls on them.
   *
   * @throws TypeError if they cannot be used, or the transport speaks no TLS; then it keeps those that it has
   */
  setSecureContext(tls: Omit<TlsOptions, "serverName">): void;
}

/**
 * A transport over gRPC. It connects on the first call, to all endpoints, and stays connected. A call goes to an
 * endpoint that is ready, or waits for one. It is sent again only if nothing of it can have been acted upon, or once if
 * it is marked idempotent and, before the answer began, the connection broke or the endpoint fell silent. Server streams and the like are never sent
 * again once sent.
 *
 * @throws TypeError if an option cannot be used: with its path, the value and what it must be
 */
export function grpcTransport(options: GrpcTransportOptions): GrpcTransport {
  const settings = readOptions(GRPC_TRANSPORT_OPTIONS, options, "grpcTransport");
  const { endpoints, channel, tls, connectTimeout, keepalive, streamsPerConnection: streams } = settings;
  const placeOf = PLACES[channel];
  let secure = tls === undefined ? undefined : new TlsSide(tls);
  const places = endpoints.map((text, number): Place => {
    const path = `endpoints[${number}]`;
    const endpoint = parseEndpoint(text, path);
    if (endpoint.secure === false && tls !== undefined) {
      throw new TypeError(
        `bad ${path} ${shown(text)}: it is plain http, but tls is given: write https or leave tls out`,
      );
    }
    if (endpoint.secure) secure ??= new TlsSide(NO_TLS_OPTIONS);
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
  return new EndpointTransport(places, connectTimeout, secure);
}

class EndpointTransport implements GrpcTransport {
  readonly #context: CallContext;
  readonly #tls: TlsSide | undefined;
  #closed = false;

  constructor(places: readonly Place[], connectTimeout: number, tls: TlsSide | undefined) {
    this.#tls = tls;
    const calls = new Set<GrpcCall>();
    const pool = new Pool(places, (endpoint) => {
      for (const call of calls) call.leave(endpoint);
    });
    this.#context = { pool, connectTimeout, deadlines: new Deadlines(), calls };
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

  setSecureContext(tls: Omit<TlsOptions, "serverName">): void {
    const certificates = readOptions(TLS_CERTIFICATES, tls, "setSecureContext");
    if (this.#tls === undefined) throw new TypeError("bad tls: no endpoint is spoken to over TLS");
    this.#tls.renew(certificates);
  }

  endpoints(): readonly EndpointStatus[] {
    return this.#context.pool.status();
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
