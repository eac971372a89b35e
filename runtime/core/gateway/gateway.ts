import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Caller } from "../call/caller.js";
import { type Interceptors, interceptorsByName } from "../call/interceptor.js";
import type { Service } from "../call/rpc.js";
import type { GatewayError } from "../errors/gateway-error.js";
import { type Dialect, DialectTable, v2 } from "../http/dialect.js";
import { detached } from "../http/error-observer.js";
import type { ServedRoute, Station } from "../http/exchange.js";
import { gatewayRouter, type Router } from "../http/gateway-router.js";
import { BrowserGuard, type BrowserGuardOptions } from "../http/guard/browser-guard.js";
import { exposedRpcs } from "../http/guard/exposure.js";
import { Crowd } from "../http/limit/crowd.js";
import { InFlight } from "../http/limit/in-flight.js";
import { eventSourceRoutes } from "../http/route/event-source-routes.js";
import { RouteTable } from "../http/route/route-table.js";
import { servedRoute } from "../http/served-route.js";
import type { BytesForm } from "../json/bytes-form.js";
import type { JsonReadOptions } from "../json/read/message-reader.js";
import type { NumberEvents } from "../session/stream-events.js";
import { messageTypesOf } from "../transcode/message-types.js";
import { RequestTranscoder } from "../transcode/request-transcoder.js";
import { ResponseTranscoder } from "../transcode/response-transcoder.js";
import { type Route, routesOf } from "../transcode/route.js";
import type { Metadata, Transport } from "../transport/transport.js";
import { Sockets } from "../websocket/sockets.js";
import { listenForUpgrades } from "../websocket/upgrade-listener.js";
import type { UpgradeOptions } from "../websocket/upgrade-options.js";
import { upgradePaths } from "../websocket/upgrade-paths.js";

/** The services of a gateway: by name, as generated code exports all of them, or a list of some. */
export type GatewayServices = Readonly<Record<string, Service>> | readonly Service[];

/**
 * What a gateway serves, and how. Times are in milliseconds, sizes in bytes.
 *
 * @typeParam Services the services, whose types those of the interceptors follow
 * @typeParam Req what requests are to interceptors: Express's `Request` in an Express app
 */
export interface GatewayOptions<
  Services extends GatewayServices = GatewayServices,
  Req extends IncomingMessage = IncomingMessage,
> extends BrowserGuardOptions {
  /** The services, as generated code exports them: all of them as `services`, or some as a list. */
  readonly services: Services;
  /** Carries the calls; the gateway closes it when it is closed. See `grpcTransport`. */
  readonly transport: Transport;
  /**
   * Further path prefixes: `{ "/v3beta": "/v3" }` makes every route under `/v3` answer under `/v3beta` too.
   */
  readonly aliases?: Readonly<Record<string, string>>;
  /**
   * Whether rpcs without an HTTP rule are reachable too, as `POST /package.Service/Method` with the request message as
   * the body. By default they are not.
   */
  readonly unboundRpcs?: boolean;
  /**
   * The first path segments that belong to the gateway: under them it answers 404 itself, while other unknown paths go
   * to the next handler. By default those of its routes, such as `["v3"]`; `[]` for none.
   */
  readonly roots?: readonly string[];
  /** The longest request body, or message of a stream: 3 MiB by default, which is etcd's 2 MiB in base64. */
  readonly bodyLimit?: number;
  /** How long the body of a unary request may take to arrive, 30,000 by default. */
  readonly bodyTimeout?: number;
  /** How long a unary call may take if its client does not say, 30,000 by default; 0 for no limit. */
  readonly unaryTimeout?: number;
  /** The same for single rpcs, streams among them, by their full names: `{ "v3lockpb.Lock.Lock": 0 }`. */
  readonly timeouts?: Readonly<Record<string, number>>;
  /** Full names of rpcs that change nothing: if a connection breaks, they may be sent again. None by default. */
  readonly idempotent?: readonly string[];
  /** HTTP request headers that become metadata of the same name, beside `Authorization` and `Grpc-Metadata-*`. */
  readonly forwardHeaders?: readonly string[];
  /**
   * What clients may call, by the full names of services and rpcs: `["etcdserverpb.KV.Range"]`. The rest is answered 403.
   * By default it is everything.
   */
  readonly expose?: readonly string[];
  /** What stands between clients and the server, by service and rpc, if the services are given by name. */
  readonly interceptors?: NoInfer<Services> extends Readonly<Record<string, Service>>
    ? Interceptors<NoInfer<Services>, Req>
    : never;
  /** Gives the metadata of a call in place of what its request's headers say. */
  readonly mapMetadata?: (metadata: Metadata) => Metadata;
  /** How request JSON is read, where it is not for the dialect to say. */
  readonly json?: Omit<JsonReadOptions, "bytes">;
  /**
   * How bytes are JSON where a request does not say by `?bytes=` or `; bytes=`: `base64` by default, or `text`, plain
   * strings where they are valid UTF-8 and `{"base64": "..."}` where they are not.
   */
  readonly bytes?: BytesForm;
  /** What clients expect of errors and of the JSON that they send: that of grpc-gateway v2 by default. */
  readonly dialect?: Dialect;
  /** Other dialects by path prefix: `{ "/v3beta": v1 }`. The longest prefix that fits counts; a whole path is one too. */
  readonly dialects?: Readonly<Record<string, Dialect>>;
  /**
   * How many unary calls may be under way, 1,000 by default. More are answered 503 with `Retry-After`; and so are more
   * than 128 once these have kept the event loop busy for half a second.
   */
  readonly maxInFlight?: number;
  /**
   * How many streams and WebSockets may be open, 10,000 by default, together with the calls whose limit in `timeouts` is
   * 0: these may wait for days. More are answered 503 with `Retry-After`.
   */
  readonly maxStreams?: number;
  /**
   * How much may still arrive for a client that has stopped reading its stream, beyond the message under way, before the
   * stream is ended with an error: 4 MiB by default. It only matters if the server ignores flow control.
   */
  readonly streamBuffer?: number;
  /** How long a stream of server-sent events is quiet before a comment says that it goes on: 15,000; 0 for never. */
  readonly heartbeatInterval?: number;
  /**
   * Whether streams can be had by `GET` too, with the fields of the request in the query, from clients that accept
   * `text/event-stream`: a browser's `EventSource` can send no other requests. By default they cannot.
   */
  readonly eventSource?: boolean;
  /**
   * What gives the messages of a stream the ids of server-sent events, by the full name of the rpc, so that a client
   * that comes back with `Last-Event-ID` goes on where it was.
   */
  readonly events?: Readonly<Record<string, NumberEvents>>;
  /** How long {@link Gateway.close} lets unary calls go on, 10,000 by default. */
  readonly closeGrace?: number;
  /**
   * Told of every error that is answered, for logs: its `cause` has what clients do not see. What it throws itself is a
   * warning of the process, and changes nothing for the client.
   */
  readonly onError?: (error: GatewayError, req: IncomingMessage) => void;
}

/** A gateway. */
export interface Gateway {
  /** The request handler: for `app.use` in Express 4 and 5, or for `http.createServer`. */
  readonly router: Router;
  /**
   * Serves WebSockets on all routes of the gateway, wherever its router is mounted in the server's app: an upgrade
   * passes the same middleware as a request.
   *
   * @throws TypeError if an option cannot be used
   */
  handleUpgrades(server: HttpServer | HttpsServer, options?: UpgradeOptions): void;
  /**
   * Winds down: new requests are answered 503, streams end with an error, unary calls finish within the grace period in
   * milliseconds or are cut off; then the transport is closed. Resolves when no call is left; calling again does nothing.
   */
  close(grace?: number): Promise<void>;
}

const MIB = 1024 * 1024;
/** The longest delay of a timer of Node.js. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Makes a gateway of services and a transport.
 *
 * ```ts
 * const gateway = createGateway({ services, transport: grpcTransport({ endpoints: ["127.0.0.1:2379"] }) });
 * app.use(gateway.router);
 * ```
 *
 * Mount it before body parsers: it reads bodies itself, as JSON parsers round large integers.
 *
 * @throws TypeError if an option cannot be used; it says which, and why
 */
export function createGateway<const Services extends GatewayServices, Req extends IncomingMessage = IncomingMessage>(
  options: GatewayOptions<Services, Req>,
): Gateway {
  const services: readonly Service[] = Object.values(options.services);
  checkRpcNames("timeouts", Object.keys(options.timeouts ?? {}), services);
  checkRpcNames("idempotent", options.idempotent ?? [], services);
  checkRpcNames("events", Object.keys(options.events ?? {}), services);
  checkAliases(options.aliases ?? {});
  const { transport, onError = () => {}, bytes = "base64" } = options;
  if (bytes !== "base64" && bytes !== "text") {
    throw new TypeError(`bad bytes ${JSON.stringify(bytes)}: it must be "base64" or "text"`);
  }
  const exposed = options.expose === undefined ? undefined : exposedRpcs(services, options.expose);
  const closeGrace = whole("closeGrace", options.closeGrace ?? 10_000, 0, LONGEST_DELAY);
  const caller = new Caller(transport, {
    ...(options.unaryTimeout !== undefined && { unaryTimeout: options.unaryTimeout }),
    ...(options.timeouts !== undefined && { timeouts: options.timeouts }),
    ...(options.forwardHeaders !== undefined && { forwardHeaders: options.forwardHeaders }),
    ...(options.mapMetadata !== undefined && { mapMetadata: options.mapMetadata }),
    idempotent: new Set(options.idempotent),
    interceptors: interceptorsByName(Object.fromEntries(Object.entries<Service>(options.services)), {
      ...options.interceptors,
    }),
  });
  const station: Station = {
    caller,
    guard: new BrowserGuard(options),
    bodyLimit: whole("bodyLimit", options.bodyLimit ?? 3 * MIB, 1),
    bodyTimeout: whole("bodyTimeout", options.bodyTimeout ?? 30_000, 1, LONGEST_DELAY),
    streams: new InFlight(whole("maxStreams", options.maxStreams ?? 10_000, 1), "streams"),
    streamBuffer: whole("streamBuffer", options.streamBuffer ?? 4 * MIB, 0),
    heartbeatInterval: whole("heartbeatInterval", options.heartbeatInterval ?? 15_000, 0, LONGEST_DELAY),
    onError: detached(onError),
  };
  const calls = new InFlight(whole("maxInFlight", options.maxInFlight ?? 1_000, 1), "requests", new Crowd());
  const dialects = new DialectTable(options.dialect ?? v2, options.dialects);
  const serve = (route: Route): ServedRoute => {
    const dialect = dialects.of(route.binding.template);
    const { requestStream, responseStream } = route.rpc.method;
    const isLong = requestStream || responseStream || options.timeouts?.[route.rpc.name] === 0;
    const common = {
      ...route,
      inFlight: isLong ? station.streams : calls,
      dialect,
      exposed: exposed?.has(route.rpc.name) ?? true,
      numberEvents: options.events?.[route.rpc.name],
    };
    const json = { types, ...dialect.json, ...route.json, ...options.json };
    return servedRoute(common, bytes, (forms) => ({
      request: new RequestTranscoder(route, { ...json, bytes: forms.request }),
      response: new ResponseTranscoder(route, { types, bytes: forms.response }),
    }));
  };
  const routes = routesOf(services, options.aliases, options.unboundRpcs);
  const types = options.json?.types ?? messageTypesOf(services);
  const table = new RouteTable(routes.map(serve));
  const forEventSource = options.eventSource === true ? eventSourceRoutes(routes).map(serve) : [];
  const eventSources = new RouteTable(forEventSource.filter(({ response }) => !response.raw));
  const roots = options.roots === undefined ? table.roots : new Set(options.roots);
  const sockets = new Sockets(station.bodyLimit);
  const router = gatewayRouter({ table, eventSources }, station, roots, dialects, sockets);
  return {
    router,
    handleUpgrades(server, { path, pingInterval = 30_000 } = {}) {
      listenForUpgrades(server, router, {
        pingInterval: whole("pingInterval", pingInterval, 0, LONGEST_DELAY),
        isTaken: upgradePaths(path, table.roots),
      });
    },
    async close(grace = closeGrace) {
      whole("grace", grace, 0, LONGEST_DELAY);
      sockets.drain();
      await caller.close(grace);
      await sockets.close();
      transport.close();
    },
  };
}

function whole(name: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`bad ${name} ${value}: it must be a whole number from ${least} to ${most}`);
}

function checkRpcNames(option: string, names: readonly string[], services: readonly Service[]): void {
  const known = new Set(services.flatMap(({ rpcs }) => Object.values(rpcs).map(({ name }) => name)));
  for (const name of names) {
    if (!known.has(name)) {
      throw new TypeError(`bad ${option}: no rpc is named ${JSON.stringify(name)}; names are like ${[...known][0]}`);
    }
  }
}

function checkAliases(aliases: Readonly<Record<string, string>>): void {
  for (const path of Object.entries(aliases).flat()) {
    if (!/^(\/[^/{}*:%]+)+$/.test(path)) {
      throw new TypeError(`bad aliases: ${JSON.stringify(path)} is not a path prefix such as "/v3"`);
    }
  }
}
