import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { RefusalReason } from "../observe/call-record.js";
import type { Recording } from "../observe/recording.js";
import { serverSentEvents } from "../session/server-sent-events.js";
import type { ErrorWriter } from "../transcode/error-writer.js";
import { requestedJson } from "../transcode/requested-json.js";
import { pathOf, percentDecode } from "../transcode/url/request-path.js";
import type { GatewayRequest } from "./body/parsed-body.js";
import { inTurn, isQueued } from "./connection/turn.js";
import type { Exchange, GatewayContext, ServedRoute } from "./exchange.js";
import { notExposed } from "./guard/exposure.js";
import { beginRecord } from "./recorded-request.js";
import { cleanLocation, sendRedirect } from "./response/clean-path-redirect.js";
import { sendError } from "./response/error-response.js";
import { failResponse } from "./response/failed-response.js";
import type { GatewayResponse } from "./response/gateway-response.js";
import { handOver, type UnknownRouteHandler } from "./response/unknown-route.js";
import { requestedFraming } from "./route/requested-framing.js";
import type { RouteMatch, RouteTable } from "./route/route-table.js";
import { StreamExchange } from "./stream-exchange.js";
import { UnaryExchange } from "./unary-exchange.js";

/** A request handler in the form of Express, Connect and, without `next`, of `node:http`. */
export type Router = (req: GatewayRequest, res: GatewayResponse, next?: Next) => void;

type Next = (error?: unknown) => void;

/** Serves requests that ask to speak WebSocket. */
export interface SocketOpener {
  /** Whether a request is a handshake. */
  isHandshake(req: IncomingMessage): boolean;
  /** Answers a handshake, and serves its socket. Never throws. */
  accept(exchange: Exchange): void;
}

/** The routes of a gateway. */
export interface Routes {
  readonly table: RouteTable<ServedRoute>;
  /** Routes that are there only for requests that prefer server-sent events. */
  readonly eventSources: RouteTable<ServedRoute>;
}

/** What is done about requests that no route of the gateway has. */
export interface Unrouted {
  /** First segments of the paths that are the gateway's to answer. */
  readonly roots: ReadonlySet<string>;
  /** Writes the errors of a path. */
  readonly errorsAt: (path: string) => ErrorWriter;
  /** What answers those that are the gateway's in its place. */
  readonly handler: UnknownRouteHandler | undefined;
}

/** A request that is the gateway's to answer. */
interface OwnRequest {
  readonly req: GatewayRequest;
  readonly res: GatewayResponse;
  readonly path: string;
  readonly record: Recording | undefined;
  /** Passes it on; there may be nobody behind the gateway. */
  readonly next: Next | undefined;
}

/**
 * Makes the handler of a gateway's routes. A request that no route matches goes to `next`, unless its path is under one of
 * the roots (or there is no `next`): then it is refused, with 404, with 405 and `Allow` if the path has other methods,
 * or with 400 if it is malformed. One whose path would be under a root if it were clean is sent to the clean path.
 *
 * A WebSocket handshake is a request of any method: of the path's, the one that is most likely meant.
 */
export function gatewayRouter(
  { table, eventSources }: Routes,
  context: GatewayContext,
  { roots, errorsAt, handler }: Unrouted,
  sockets: SocketOpener,
): Router {
  const { guard } = context;
  const tell = ({ req, record }: OwnRequest, error: GatewayError, reason: RefusalReason): void => {
    record?.fail(error, reason);
    context.onError(error, req);
  };
  /** Whether a request of the gateway's is to be served; otherwise it has been answered. */
  const isAdmitted = (own: OwnRequest): boolean => {
    const { req, res, path } = own;
    const rejection = guard.rejection(req);
    if (rejection !== undefined) {
      tell(own, rejection, "browser-guard");
      sendError(req, res, errorsAt(path).write(rejection, req));
      return false;
    }
    return guard.cors?.answer(req, res, () => [...table.methodsOf(path), ...eventSources.methodsOf(path)]) !== true;
  };
  /** The route with the JSON that a request asks for; `undefined` if it has been answered. */
  const routeWithJson = (route: ServedRoute, own: OwnRequest): ServedRoute | undefined => {
    const { req, res } = own;
    try {
      const json = requestedJson(req, route.bytesInQuery);
      return json === undefined ? route : route.withJson(json);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      tell(own, error, "bad-request");
      sendError(req, res, route.errors.write(error, req));
      return undefined;
    }
  };
  const serve = (own: OwnRequest, match: RouteMatch<ServedRoute>): void => {
    if (!isAdmitted(own)) return;
    const { req, res, record } = own;
    if (!match.route.exposed) {
      const error = notExposed(match.route.rpc.name);
      tell(own, error, "not-exposed");
      sendError(req, res, match.route.errors.write(error, req));
      return;
    }
    const route = routeWithJson(match.route, own);
    if (route === undefined) return;
    const { requestStream, responseStream } = route.rpc.method;
    const exchange = { context, req, res, variables: match.variables, route, record };
    if (sockets.isHandshake(req)) sockets.accept(exchange);
    else if (requestStream || responseStream) new StreamExchange(exchange).start();
    else new UnaryExchange(exchange).start();
  };
  const refuse = (own: OwnRequest, methods: readonly string[]): void => {
    if (!isAdmitted(own)) return;
    const { req, res, path, next } = own;
    const location = methods.length === 0 ? cleanLocation(req, path, roots) : undefined;
    if (location !== undefined) {
      sendRedirect(req, res, location);
      return;
    }
    const error = routingError(path, methods);
    const refuseItself = (): void => {
      tell(own, error, ROUTING_REASONS[error.httpStatus] ?? "bad-request");
      const written = errorsAt(path).write(error, req);
      sendError(req, res, written, { body: written.routingBody });
    };
    if (handler === undefined) refuseItself();
    else handOver(handler, error, req, res, next ?? refuseItself, refuseItself);
  };
  /** Whether a path without a route is the gateway's to answer. */
  const isOwn = (req: GatewayRequest, path: string): boolean =>
    roots.has(firstSegment(path)) || cleanLocation(req, path, roots) !== undefined;
  const answer = (
    req: GatewayRequest,
    res: GatewayResponse,
    path: string,
    match: RouteMatch<ServedRoute> | undefined,
    methods: readonly string[],
    next: Next | undefined,
  ): void => {
    try {
      // Such as of a write to a response that the app has ended: nobody else may listen, and it would end the process.
      res.on("error", ignore);
      const { observers } = context;
      const route = match?.route;
      const record = observers.isAnybody
        ? beginRecord(observers, req, res, route, sockets.isHandshake(req))
        : undefined;
      const own = { req, res, path, record, next };
      if (match === undefined) refuse(own, methods);
      else serve(own, match);
    } catch (error) {
      failResponse(res, error);
    }
  };
  return function gateway(req, res, next) {
    const path = mountedPath(req);
    const method = sockets.isHandshake(req) ? socketMethod(table.methodsOf(path)) : (req.method ?? "");
    const match = table.find(method, path) ?? (wantsEvents(req) ? eventSources.find(method, path) : undefined);
    const methods = match === undefined ? table.methodsOf(path) : [];
    if (match === undefined && methods.length === 0 && next !== undefined && !isOwn(req, path)) {
      next();
      return;
    }
    // Gone or answered while other middleware was at work: there is nobody to answer.
    if (res.destroyed || res.headersSent) return;
    if (isQueued(res)) {
      inTurn(req, res, () => answer(req, res, path, match, methods, next));
    } else {
      answer(req, res, path, match, methods, next);
    }
  };
}

function ignore(): void {}

/** Why a request is refused that has no route, by the status of the answer. */
const ROUTING_REASONS: Readonly<Record<number, RefusalReason>> = { 404: "not-found", 405: "method-not-allowed" };

/** A request, which Express tells where the handler is mounted. */
type MountedRequest = GatewayRequest & { readonly baseUrl?: string; readonly originalUrl?: string };

/**
 * The path of a request below where the handler is mounted. Express takes `/etcd//v3` under `/etcd` for `/v3`, which
 * middleware before it that decides by paths does not.
 */
function mountedPath({ url = "/", baseUrl = "", originalUrl = "" }: MountedRequest): string {
  const path = pathOf(url);
  const hasLostSlash = originalUrl.length === baseUrl.length + url.length + 1 && originalUrl.startsWith(`${baseUrl}//`);
  return hasLostSlash ? `/${path}` : path;
}

/** The method of the route that a WebSocket is for, among those of its path: its handshake is always a `GET`. */
function socketMethod(methods: readonly string[]): string {
  return ["POST", "GET"].find((method) => methods.includes(method)) ?? methods[0] ?? "GET";
}

/** Whether a request may be an `EventSource`'s, or asks by `HEAD` what that would get: not one of a foreign page, sent without asking and without an `Origin`. */
function wantsEvents({ method, headers }: GatewayRequest): boolean {
  return (
    (method === "GET" || method === "HEAD") &&
    requestedFraming(headers.accept) === serverSentEvents &&
    headers["sec-fetch-mode"] !== "no-cors"
  );
}

function routingError(path: string, methods: readonly string[]): GatewayError {
  if (methods.length > 0) {
    return new GatewayError(Status.UNIMPLEMENTED, "Method Not Allowed", {
      httpStatus: 405,
      headers: { Allow: methods.join(", ") },
    });
  }
  if (percentDecode(path) === undefined) {
    return new GatewayError(Status.INVALID_ARGUMENT, "the path has a malformed percent-escape");
  }
  return new GatewayError(Status.NOT_FOUND, "Not Found");
}

function firstSegment(path: string): string {
  const end = path.indexOf("/", 1);
  return path.slice(1, end === -1 ? path.length : end);
}
