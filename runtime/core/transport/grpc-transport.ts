import { bufferOf } from "../bytes/buffer-of.js";
import { IndexedSet } from "../collections/indexed-set.js";
import { connectionsClosed } from "../errors/connections-closed.js";
import { readOptions } from "../options/option-group.js";
import { shown } from "../options/shown.js";
import { Deadlines } from "./call/deadlines.js";
import type { CallContext, GrpcCall } from "./call/grpc-call.js";
import { GrpcStreamCall } from "./call/grpc-stream-call.js";
import { GrpcUnaryCall } from "./call/grpc-unary-call.js";
import type { Connector, ConnectorOptions } from "./endpoints/connector.js";
import { parseEndpoint } from "./endpoints/endpoint.js";
import { Pool } from "./endpoints/pool.js";
import { TlsSide } from "./endpoints/tls.js";
import { grpcJsConnector } from "./grpc-js/grpc-js-connector.js";
import { leanConnector } from "./lean/lean-connector.js";
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
import { trusted } from "./trusted-transports.js";

const CONNECTORS: Readonly<Record<ChannelKind, (options: ConnectorOptions) => Connector>> = {
  "grpc-js": grpcJsConnector,
  lean: leanConnector,
};

const NO_TLS_OPTIONS: TlsSettings = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };

/** A gRPC transport with its own connections. */
export interface GrpcTransport extends Transport {
  /**
   * Replaces the certificates, e.g. because they are about to expire. Connections made from now on use the new ones.
   * Existing connections stay open, and so do the calls on them.
   *
   * @throws TypeError if they cannot be used, or if the transport does not use TLS; the current ones then stay in use
   */
  setSecureContext(tls: Omit<TlsOptions, "serverName">): void;
}

/**
 * Creates a gRPC transport. It connects to all endpoints on the first call, and stays connected. A call goes to an
 * endpoint that is ready, or waits for one. A call is sent again in two cases:
 *
 * - The server cannot have acted on it.
 * - It is marked idempotent, and the connection broke or the endpoint became silent before the response began. This
 *   happens at most once.
 *
 * A stream is never sent again after its first message has been sent.
 *
 * @throws TypeError for an invalid option, with its path, its value and what it must be
 */
export function grpcTransport(options: GrpcTransportOptions): GrpcTransport {
  const settings = readOptions(GRPC_TRANSPORT_OPTIONS, options, "grpcTransport");
  const { endpoints, channel, tls, connectTimeout, keepalive, streamsPerConnection: streams } = settings;
  const connectorOf = CONNECTORS[channel];
  let secure = tls === undefined ? undefined : new TlsSide(tls);
  const connectors = endpoints.map((text, number): Connector => {
    const path = `endpoints[${number}]`;
    const endpoint = parseEndpoint(text, path);
    if (endpoint.secure === false && tls !== undefined) {
      throw new TypeError(
        `invalid ${path} ${shown(text)}: the endpoint uses plain HTTP, but tls is set: use https:// or remove tls`,
      );
    }
    if (endpoint.secure) secure ??= new TlsSide(NO_TLS_OPTIONS);
    return connectorOf({
      number,
      name: text,
      address: endpoint.address,
      tls: endpoint.secure || tls !== undefined ? secure : undefined,
      connectTimeout,
      keepalive,
      streams,
    });
  });
  return trusted(new EndpointTransport(connectors, connectTimeout, secure));
}

class EndpointTransport implements GrpcTransport {
  readonly #context: CallContext;
  readonly #tls: TlsSide | undefined;
  #closed = false;

  constructor(connectors: readonly Connector[], connectTimeout: number, tls: TlsSide | undefined) {
    this.#tls = tls;
    const calls = new IndexedSet<GrpcCall>();
    const pool = new Pool(connectors, (endpoint) => {
      for (const call of calls) call.leave(endpoint);
    });
    this.#context = { pool, connectTimeout, deadlines: new Deadlines(), calls };
  }

  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const call = new GrpcUnaryCall(this.#context, path, bufferOf(request), options, listener);
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
    if (this.#tls === undefined) {
      throw new TypeError("setSecureContext: no endpoint uses TLS: use https:// endpoints, or set the option tls");
    }
    this.#tls.renew(certificates);
  }

  endpoints(): readonly EndpointStatus[] {
    return this.#context.pool.status();
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#context.calls) call.abort(connectionsClosed());
    this.#context.pool.close();
  }

  #start(call: GrpcCall): void {
    if (this.#closed) call.abort(connectionsClosed());
    else call.start();
  }
}
