import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { RefusalReason } from "../observe/call-record.js";
import type { Recording } from "../observe/recording.js";
import { serverSentEvents } from "../session/server-sent-events.js";
import { ErrorWriter } from "../transcode/error-writer.js";
import { requestedBytes } from "../transcode/requested-bytes.js";
import { pathOf, percentDecode } from "../transcode/url/request-path.js";
import type { GatewayRequest } from "./body/parsed-body.js";
import { inTurn, isQueued } from "./connection/turn.js";
import type { DialectTable } from "./dialect.js";
import type { Exchange, GatewayContext, ServedRoute } from "./exchange.js";
import { notExposed } from "./guard/exposure.js";
import { beginRecord } from "./recorded-request.js";
import { cleanLocation, sendRedirect } from "./response/clean-path-redirect.js";
import { sendError } from "./response/error-response.js";
import { failResponse } from "./response/failed-response.js";
import type { GatewayResponse } from "./response/gateway-response.js";
import { requestedFraming } from "./route/requested-framing.js";
import type { RouteMatch, RouteTable } from "./route/route-table.js";
import { StreamExchange } from "./stream-exchange.js";
import { UnaryExchange } from "./unary-exchange.js";

/** A request handler in the form of Express, Connect and, without `next`, of `node:http`. */
export type Router = (req: GatewayRequest, res: GatewayResponse, next?: (error?: unknown) => void) => void;

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

/** A request that is the gateway's to answer. */
interface OwnRequest {
  readonly req: GatewayRequest;
  readonly res: GatewayResponse;
  readonly path: string;
  readonly record: Recording | undefined;
}

/**
 * Makes the handler of a gateway's routes. A request that no route matches goes to `next`, unless its path is under one of
 * the roots (or there is no `next`): then it is refused, with 404, with 405 and `Allow` if the path has other methods,
 * or with 400 if it is malformed. One whose path would be under a root if it were clean is sent to the clean path.
 *
 * A WebSocket handshake is a request of any method: of the path's, the one that is most likely meant.
 *
 * @param roots first segments of the paths that are this handler's to answer
 * @param dialects how requests are refused that no route matches
 */
export function gatewayRouter(
  { table, eventSources }: Routes,
  context: GatewayContext,
  roots: ReadonlySet<string>,
  dialects: DialectTable,
  sockets: SocketOpener,
): Router {
  const { guard } = context;
  const errorsAt = (path: string): ErrorWriter => new ErrorWriter(dialects.of(path).errors);
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
      sendError(req, res, rejection, errorsAt(path));
      return false;
    }
    return guard.cors?.answer(req, res, () => [...table.methodsOf(path), ...eventSources.methodsOf(path)]) !== true;
  };
  /** The route where bytes have the forms that a request asks for; `undefined` if it has been answered. */
  const routeInForms = (route: ServedRoute, own: OwnRequest): ServedRoute | undefined => {
    const { req, res } = own;
    try {
      const forms = requestedBytes(req, route.bytesInQuery);
      return forms === undefined ? route : route.inForms(forms);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      tell(own, error, "bad-request");
      sendError(req, res, error, route.errors);
      return undefined;
    }
  };
  const serve = (own: OwnRequest, match: RouteMatch<ServedRoute>): void => {
    if (!isAdmitted(own)) return;
    const { req, res, record } = own;
    if (!match.route.exposed) {
      const error = notExposed(match.route.rpc.name);
      tell(own, error, "not-exposed");
      sendError(req, res, error, match.route.errors);
      return;
    }
    const route = routeInForms(match.route, own);
    if (route === undefined) return;
    const { requestStream, responseStream } = route.rpc.method;
    const exchange = { context, req, res, variables: match.variables, route, record };
    if (sockets.isHandshake(req)) sockets.accept(exchange);
    else if (requestStream || responseStream) new StreamExchange(exchange).start();
    else new UnaryExchange(exchange).start();
  };
  const refuse = (own: OwnRequest, methods: readonly string[]): void => {
    if (!isAdmitted(own)) return;
    const { req, res, path } = own;
    const location = methods.length === 0 ? cleanLocation(req, path, roots) : undefined;
    if (location !== undefined) {
      sendRedirect(req, res, location);
      return;
    }
    const error = routingError(path, methods);
    tell(own, error, ROUTING_REASONS[error.httpStatus] ?? "bad-request");
    const errors = errorsAt(path);
    sendError(req, res, error, errors, { body: errors.routingBody(error) });
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
  ): void => {
    try {
      // Such as of a write to a response that the app has ended: nobody else may listen, and it would end the process.
      res.on("error", ignore);
      const { observers } = context;
      const route = match?.route;
      const record = observers.isAnybody
        ? beginRecord(observers, req, res, route, sockets.isHandshake(req))
        : undefined;
      const own = { req, res, path, record };
      if (match === undefined) refuse(own, methods);
      else serve(own, match);
    } catch (error) {
      failResponse(res, error);
    }
  };
  return function gateway(req, res, next) {
    const path = pathOf(req.url ?? "/");
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
      inTurn(req, res, () => answer(req, res, path, match, methods));
    } else {
      answer(req, res, path, match, methods);
    }
  };
}

function ignore(): void {}

/** Why a request is refused that has no route, by the status of the answer. */
const ROUTING_REASONS: Readonly<Record<number, RefusalReason>> = { 404: "not-found", 405: "method-not-allowed" };

/** The method of the route that a WebSocket is for, among those of its path: its handshake is always a `GET`. */
function socketMethod(methods: readonly string[]): string {
  return ["POST", "GET"].find((method) => methods.includes(method)) ?? methods[0] ?? "GET";
}

/** Whether a request may be an `EventSource`'s: not one of a foreign page, sent without asking and without an `Origin`. */
function wantsEvents({ method, headers }: GatewayRequest): boolean {
  return (
    method === "GET" && requestedFraming(headers.accept) === serverSentEvents && headers["sec-fetch-mode"] !== "no-cors"
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
