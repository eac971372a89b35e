import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { RejectionReason } from "../observe/call-record.js";
import type { Recording } from "../observe/recording.js";
import { serverSentEvents } from "../session/server-sent-events.js";
import type { ErrorWriter } from "../transcode/error-writer.js";
import { requestedJson } from "../transcode/requested-json.js";
import { pathOf, percentDecode } from "../transcode/url/request-path.js";
import type { GatewayRequest } from "./body/parsed-body.js";
import { inTurn, isQueued } from "./connection/turn.js";
import type { Exchange, GatewayContext, ServedRoute } from "./exchange.js";
import { notExposed } from "./guard/exposed-rpcs.js";
import { beginRecord } from "./recorded-request.js";
import { cleanLocation, sendRedirect } from "./response/clean-path-redirect.js";
import { sendError } from "./response/error-response.js";
import { failResponse } from "./response/failed-response.js";
import type { GatewayResponse } from "./response/gateway-response.js";
import { guardResponse } from "./response/guarded-response.js";
import { handOver, type UnknownRouteHandler } from "./response/unknown-route.js";
import { requestedFraming } from "./route/requested-framing.js";
import type { RouteMatch, RouteTable } from "./route/route-table.js";
import { StreamExchange } from "./stream-exchange.js";
import { UnaryExchange } from "./unary-exchange.js";

/** A request handler, as Express, Connect and (without `next`) `node:http` call it. */
export type Router = (req: GatewayRequest, res: GatewayResponse, next?: Next) => void;

type Next = (error?: unknown) => void;

/** Serves WebSocket handshakes. */
export interface SocketOpener {
  /** Whether a request is a handshake. */
  isHandshake(req: IncomingMessage): boolean;
  /** Responds to a handshake and serves its socket. Never throws. */
  accept(exchange: Exchange): void;
}

/** The routes of a gateway. */
export interface Routes {
  readonly table: RouteTable<ServedRoute>;
  /** Routes that exist only for requests that prefer server-sent events. */
  readonly eventSources: RouteTable<ServedRoute>;
}

/** How to respond to requests that have no route in the gateway. */
export interface Unrouted {
  /** First path segments under which the gateway responds to unknown paths. */
  readonly roots: ReadonlySet<string>;
  /** Returns what writes the errors for a path. */
  readonly errorsAt: (path: string) => ErrorWriter;
  /** The app's handler, which responds instead of the gateway. `undefined` if the app has none. */
  readonly handler: UnknownRouteHandler | undefined;
}

/** A request that the gateway responds to. */
interface OwnRequest {
  readonly req: GatewayRequest;
  readonly res: GatewayResponse;
  readonly path: string;
  readonly record: Recording | undefined;
  /** Passes the request on. `undefined` if there is no handler after the gateway. */
  readonly next: Next | undefined;
}

/**
 * Creates the request handler of a gateway. A request without a route is treated as follows:
 *
 * - If the path has routes for other methods, it gets 405 with `Allow`.
 * - If the path is not clean, and would be under a root if it were, it is redirected to the clean path.
 * - If the path is under one of the roots, or there is no `next`, it gets 404, or 400 if the path is malformed.
 * - Otherwise it goes to `next`.
 *
 * A WebSocket handshake is always a `GET`, but may be for a route of any method: the most likely one of its path.
 */
export function gatewayRouter(
  { table, eventSources }: Routes,
  context: GatewayContext,
  { roots, errorsAt, handler }: Unrouted,
  sockets: SocketOpener,
): Router {
  const { guard } = context;
  const tell = ({ req, record }: OwnRequest, error: GatewayError, reason: RejectionReason): void => {
    record?.fail(error, reason);
    context.onError(error, req);
  };
  /** Returns whether to serve a request. If not, the response has been sent. */
  const isAdmitted = (own: OwnRequest): boolean => {
    const { req, res, path } = own;
    const rejection = guard.rejection(req);
    if (rejection !== undefined) {
      tell(own, rejection, "browser-guard");
      sendError(req, res, errorsAt(path).write(rejection, req));
      return false;
    }
    return guard.cors?.respond(req, res, () => [...table.methodsOf(path), ...eventSources.methodsOf(path)]) !== true;
  };
  /** Returns the route with the JSON form that a request asks for, or `undefined` if an error has been sent. */
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
    if (sockets.isHandshake(req)) {
      sockets.accept(exchange);
      return;
    }
    if (variesByAccept(req, route !== match.route)) res.appendHeader("Vary", "Accept");
    if (requestStream || responseStream) new StreamExchange(exchange).start();
    else new UnaryExchange(exchange).start();
  };
  const reject = (own: OwnRequest, methods: readonly string[]): void => {
    if (!isAdmitted(own)) return;
    const { req, res, path, next } = own;
    const location = methods.length === 0 ? cleanLocation(req, path, roots) : undefined;
    if (location !== undefined) {
      sendRedirect(req, res, location);
      return;
    }
    const error = routingError(path, methods);
    const rejectItself = (): void => {
      tell(own, error, ROUTING_REASONS[error.httpStatus] ?? "bad-request");
      const written = errorsAt(path).write(error, req);
      sendError(req, res, written, { body: written.routingBody });
    };
    if (handler === undefined) rejectItself();
    else handOver(handler, error, req, res, next ?? rejectItself, rejectItself);
  };
  /** Whether the gateway responds to a path without a route. */
  const isOwn = (req: GatewayRequest, path: string): boolean =>
    roots.has(firstSegment(path)) || cleanLocation(req, path, roots) !== undefined;
  const respond = (
    req: GatewayRequest,
    res: GatewayResponse,
    path: string,
    match: RouteMatch<ServedRoute> | undefined,
    methods: readonly string[],
    next: Next | undefined,
  ): void => {
    try {
      const { observers } = context;
      const route = match?.route;
      const record = observers.isAnybody
        ? beginRecord(observers, req, res, route, sockets.isHandshake(req))
        : undefined;
      const own = { req, res, path, record, next };
      if (match === undefined) reject(own, methods);
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
    try {
      guardResponse(res);
      // Other middleware has responded, or the client has disconnected.
      if (res.destroyed || res.headersSent) return;
      // For example, of a write to a response that the app has ended. Without a listener, the error would end the
      // process.
      res.on("error", ignore);
      if (isQueued(res)) inTurn(req, res, () => respond(req, res, path, match, methods, next));
      else respond(req, res, path, match, methods, next);
    } catch (error) {
      failResponse(res, error);
    }
  };
}

function ignore(): void {}

/** Why requests without a route are rejected, by the HTTP status of the response. */
const ROUTING_REASONS: Readonly<Record<number, RejectionReason>> = { 404: "not-found", 405: "method-not-allowed" };

/** A request. Express adds where the handler is mounted. */
type MountedRequest = GatewayRequest & { readonly baseUrl?: string; readonly originalUrl?: string };

/**
 * Returns the path of a request, relative to where the handler is mounted. Under `/etcd`, Express turns `/etcd//v3`
 * into `/v3`. Middleware before the gateway that decides by path does not, so this function returns `//v3`.
 */
function mountedPath({ url = "/", baseUrl = "", originalUrl = "" }: MountedRequest): string {
  const path = pathOf(url);
  const hasLostSlash = originalUrl.length === baseUrl.length + url.length + 1 && originalUrl.startsWith(`${baseUrl}//`);
  return hasLostSlash ? `/${path}` : path;
}

/** Returns the method of the route that a WebSocket handshake is for, chosen from the methods of its path. */
function socketMethod(methods: readonly string[]): string {
  return ["POST", "GET"].find((method) => methods.includes(method)) ?? methods[0] ?? "GET";
}

/**
 * Whether a request may come from an `EventSource`, or asks by `HEAD` for what an `EventSource` would get. Requests
 * with the mode `no-cors` are excluded: pages of other sites send them without a preflight and without an `Origin`
 * header.
 */
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

/**
 * Whether the response must tell caches that `Accept` chooses its JSON form or framing. Caches may keep responses to
 * `GET`, including those to requests that did not ask for a form.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5
 */
function variesByAccept({ method }: IncomingMessage, asksForJson: boolean): boolean {
  return asksForJson || method === "GET" || method === "HEAD";
}
