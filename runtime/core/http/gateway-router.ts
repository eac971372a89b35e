import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import type { RejectionReason } from "../observe/call-record.js";
import type { ErrorWriter } from "../transcode/error-writer.js";
import { requestedJson } from "../transcode/requested-json.js";
import type { GatewayRequest } from "./body/gateway-request.js";
import { inTurn, mustWait } from "./connection/turn.js";
import { containRequestErrors } from "./contain-request-errors.js";
import type { Exchange, GatewayContext } from "./exchange.js";
import { notExposed } from "./guard/exposed-rpcs.js";
import { type HandledRequest, type NextHandler, reportRejection } from "./handled-request.js";
import { holdUnread } from "./held-response.js";
import { beginRecord } from "./recorded-request.js";
import { containResponseErrors } from "./response/contain-response-errors.js";
import { sendError } from "./response/error-response.js";
import { failResponse } from "./response/failed-response.js";
import type { GatewayResponse } from "./response/gateway-response.js";
import { mountedPath } from "./route/mounted-path.js";
import type { RouteMatch } from "./route/route-table.js";
import type { Routes } from "./route/routes.js";
import type { ServedRoute } from "./served-route.js";
import { StreamExchange } from "./stream-exchange.js";
import { UnaryExchange } from "./unary-exchange.js";
import { UnroutedRequests, type UnroutedSettings } from "./unrouted-requests.js";

/** A request handler, as Express, Connect and (without `next`) `node:http` call it. */
export type Router = (req: GatewayRequest, res: GatewayResponse, next?: NextHandler) => void;

/** Serves WebSocket handshakes. */
export interface SocketOpener {
  /** Whether a request is a handshake. */
  isHandshake(req: IncomingMessage): boolean;
  /** Responds to a handshake and serves its socket. Never throws. */
  accept(exchange: Exchange): void;
}

/**
 * Creates the request handler of a gateway. A request whose path is unknown goes to `next`, unless the gateway responds
 * to it: because there is no `next`, or because the path is under one of the roots, perhaps only when it is clean.
 */
export function gatewayRouter(
  routes: Routes<ServedRoute>,
  context: GatewayContext,
  unrouted: UnroutedSettings,
  sockets: SocketOpener,
): Router {
  const router = new GatewayRouter(routes, context, new UnroutedRequests(unrouted, context), sockets);
  return function gateway(req, res, next) {
    router.handle(req, res, next);
  };
}

class GatewayRouter {
  readonly #routes: Routes<ServedRoute>;
  readonly #context: GatewayContext;
  readonly #unrouted: UnroutedRequests;
  readonly #sockets: SocketOpener;

  constructor(routes: Routes<ServedRoute>, context: GatewayContext, unrouted: UnroutedRequests, sockets: SocketOpener) {
    this.#routes = routes;
    this.#context = context;
    this.#unrouted = unrouted;
    this.#sockets = sockets;
  }

  /** Finds the route of a request, and passes the request on if it is not the gateway's. */
  handle(req: GatewayRequest, res: GatewayResponse, next: NextHandler | undefined): void {
    const path = mountedPath(req);
    const match = this.#routes.find(req, path, this.#sockets.isHandshake(req));
    if (match === undefined && next !== undefined && !this.#owns(req, path)) next();
    else this.#respondInTurn(req, res, path, match, next);
  }

  /** Whether the gateway responds to a request without a route. */
  #owns(req: GatewayRequest, path: string): boolean {
    return this.#routes.methodsOf(path).length > 0 || this.#unrouted.owns(req, path);
  }

  /** Responds when the earlier requests of the connection have their responses. */
  #respondInTurn(
    req: GatewayRequest,
    res: GatewayResponse,
    path: string,
    match: RouteMatch<ServedRoute> | undefined,
    next: NextHandler | undefined,
  ): void {
    try {
      containResponseErrors(res);
      containRequestErrors(req, res);
      // Other middleware has responded, or the client has disconnected.
      if (res.destroyed || res.headersSent) return;
      // For example, of a write to a response that the app has ended. Without a listener, the error would end the
      // process.
      res.on("error", ignore);
      if (mustWait(req, res)) inTurn(req, res, () => this.#respond(req, res, path, match, next));
      else this.#respond(req, res, path, match, next);
    } catch (error) {
      failResponse(res, error);
    }
  }

  #respond(
    req: GatewayRequest,
    res: GatewayResponse,
    path: string,
    match: RouteMatch<ServedRoute> | undefined,
    next: NextHandler | undefined,
  ): void {
    try {
      const { observers } = this.#context;
      const record = observers.isAnybody
        ? beginRecord(observers, req, res, match?.route, this.#sockets.isHandshake(req))
        : undefined;
      const handled = { req, res, path, record, next };
      if (!this.#isAdmitted(handled) || !this.#serve(handled, match)) {
        holdUnread({ context: this.#context, req, res, record });
      }
    } catch (error) {
      failResponse(res, error);
    }
  }

  /** Returns whether the guard admits a request. If not, the response has been sent. */
  #isAdmitted(handled: HandledRequest): boolean {
    const { req, res, path } = handled;
    const { guard } = this.#context;
    const rejection = guard.admit(req);
    if (rejection !== undefined) {
      this.#reject(handled, rejection.error, rejection.reason, this.#unrouted.errorsAt(path));
      return false;
    }
    return guard.cors?.respond(req, res, () => this.#routes.allMethodsOf(path)) !== true;
  }

  /** Serves a request by its route, if it has one. Returns whether it does; if not, the response has been sent. */
  #serve(handled: HandledRequest, match: RouteMatch<ServedRoute> | undefined): boolean {
    const { req, res, record } = handled;
    if (match === undefined) {
      this.#unrouted.respond(handled, this.#routes.methodsOf(handled.path));
      return false;
    }
    if (!match.route.exposed) {
      this.#reject(handled, notExposed(match.route.rpc.name), "not-exposed", match.route.errors);
      return false;
    }
    const route = this.#withRequestedJson(match.route, handled);
    if (route === undefined) return false;
    const exchange = { context: this.#context, req, res, variables: match.variables, route, record };
    if (this.#sockets.isHandshake(req)) {
      this.#sockets.accept(exchange);
      return true;
    }
    if (variesByAccept(req, route !== match.route)) res.appendHeader("Vary", "Accept");
    const { requestStream, responseStream } = route.rpc.method;
    if (requestStream || responseStream) new StreamExchange(exchange).start();
    else new UnaryExchange(exchange).start();
    return true;
  }

  /** Returns the route with the JSON form that a request asks for, or `undefined` if an error has been sent. */
  #withRequestedJson(route: ServedRoute, handled: HandledRequest): ServedRoute | undefined {
    try {
      const json = requestedJson(handled.req, route.bytesInQuery);
      return json === undefined ? route : route.withJson(json);
    } catch (thrown) {
      this.#reject(handled, GatewayError.from(thrown), "bad-request", route.errors);
      return undefined;
    }
  }

  #reject(handled: HandledRequest, error: GatewayError, reason: RejectionReason, errors: ErrorWriter): void {
    const { req, res } = handled;
    reportRejection(this.#context, handled, error, reason);
    sendError(req, res, errors.write(error, req));
  }
}

function ignore(): void {}

/**
 * Whether the response must tell caches that `Accept` chooses its JSON form or framing. Caches may keep responses to
 * `GET`, including those to requests that did not ask for a form.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5
 */
function variesByAccept({ method }: IncomingMessage, asksForJson: boolean): boolean {
  return asksForJson || method === "GET" || method === "HEAD";
}
