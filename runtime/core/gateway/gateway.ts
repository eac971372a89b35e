import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Caller } from "../call/caller.js";
import { guarded } from "../call/guarded-transport.js";
import { interceptorsByName } from "../call/intercept/interceptor-table.js";
import type { Service } from "../call/rpc.js";
import { DialectTable, grpcGatewayV2 } from "../http/dialect.js";
import type { GatewayContext } from "../http/exchange.js";
import { gatewayRouter, type Router } from "../http/gateway-router.js";
import { BrowserGuard } from "../http/guard/browser-guard.js";
import { containedOnError } from "../http/on-error.js";
import { ResponseHeads } from "../http/response/response-heads.js";
import type { UnroutedSettings } from "../http/unrouted-requests.js";
import { locateModule } from "../modules/lazy-module.js";
import { CallObservers } from "../observe/call-observers.js";
import { ObservedTransport } from "../observe/observed-transport.js";
import { given } from "../options/given.js";
import { readOptions } from "../options/option-group.js";
import { IncompleteRequests } from "../session/limit/incomplete-requests.js";
import { Places } from "../session/limit/places.js";
import { UnreadResponses } from "../session/limit/unread-responses.js";
import { ErrorWriter } from "../transcode/error-writer.js";
import type { Arrivals } from "../transport/transport.js";
import { Sockets } from "../websocket/sockets.js";
import { listenForUpgrades } from "../websocket/upgrade-listener.js";
import { SERVER, UPGRADE_OPTIONS, type UpgradeOptions } from "../websocket/upgrade-options.js";
import { upgradePaths } from "../websocket/upgrade-paths.js";
import { checkRpcNames } from "./check-rpc-names.js";
import { readGrace } from "./close-grace.js";
import type { GatewayOptions, GatewayServices } from "./gateway-options.js";
import { gatewayRoutes } from "./gateway-routes.js";
import { GATEWAY_OPTIONS, type GatewaySettings } from "./gateway-settings.js";

/** Serves gRPC services as JSON over HTTP and WebSocket. It calls them with one transport, which it closes. */
export interface Gateway {
  /** The request handler: for `app.use` in Express 4 and 5, or for `http.createServer`. */
  readonly router: Router;
  /**
   * Serves WebSockets on all routes of the gateway, wherever its router is mounted in the server's app. An upgrade
   * passes the same middleware as a request.
   *
   * @throws TypeError if an option cannot be used
   */
  handleUpgrades(server: HttpServer | HttpsServer, options?: UpgradeOptions): void;
  /**
   * Closes the gateway. New requests get 503. Streams end with an error. Unary calls may finish within the grace
   * period, and are then canceled. Finally the transport is closed. Resolves when no call is left. Calling it again
   * does nothing.
   *
   * @param grace how long unary calls may take, in milliseconds; 10,000 by default
   */
  close(grace?: number): Promise<void>;
}

/**
 * Creates a gateway from services and a transport.
 *
 * ```ts
 * const gateway = createGateway({ services, transport: grpcTransport({ endpoints: ["127.0.0.1:2379"] }) });
 * app.use(gateway.router);
 * ```
 *
 * Mount it before body parsers. The gateway reads bodies itself, because JSON parsers round large integers.
 *
 * @throws TypeError if an option cannot be used. The message has the option's path, its value and what it must be
 */
export function createGateway<const Services extends GatewayServices, Req extends IncomingMessage = IncomingMessage>(
  options: GatewayOptions<Services, Req>,
): Gateway {
  const read = readOptions(GATEWAY_OPTIONS, options, "createGateway");
  const settings = { ...read, transport: guarded(read.transport) };
  checkRpcNames(settings);
  const context = contextOf(settings);
  const dialects = new DialectTable(settings.dialect ?? grpcGatewayV2, settings.dialects);
  const routes = gatewayRoutes(settings, dialects, context.streams);
  const roots = settings.roots === undefined ? routes.roots : new Set(settings.roots);
  const sockets = new Sockets(context.bodyLimit);
  const router = gatewayRouter(routes, context, unrouted(settings, roots, dialects), sockets);
  context.observers.attached({ endpoints: () => settings.transport.endpoints?.() ?? [] });
  return {
    router,
    handleUpgrades(server, options = {}) {
      SERVER.readArgument(server, "server");
      const { path, pingInterval } = readOptions(UPGRADE_OPTIONS, options, "handleUpgrades");
      locateModule("ws");
      listenForUpgrades(server, router, { pingInterval, isTaken: upgradePaths(path, routes.roots) });
    },
    async close(grace) {
      const milliseconds = readGrace(grace);
      sockets.drain();
      await context.caller.close(milliseconds);
      await sockets.close();
      settings.transport.close();
    },
  };
}

/** Returns how the gateway responds to requests without a route. */
function unrouted(
  { responses }: GatewaySettings,
  roots: ReadonlySet<string>,
  dialects: DialectTable,
): UnroutedSettings {
  return {
    roots,
    errorsAt: (path) => new ErrorWriter(dialects.of(path).errors, { hook: responses.error }),
    handler: responses.unknownRoute,
  };
}

/** Creates what all exchanges of the gateway share. */
function contextOf(settings: GatewaySettings): GatewayContext {
  const { limits, timeouts, browsers, streams, responses, onError } = settings;
  const unreadResponses = new UnreadResponses({ limit: limits.maxUnread, timeout: timeouts.stall });
  return {
    caller: callerOf(settings, unreadResponses),
    observers: new CallObservers(settings.observers),
    guard: new BrowserGuard(browsers),
    bodyLimit: limits.maxBody,
    bodyTimeout: timeouts.body,
    incompleteRequests: new IncompleteRequests(limits.maxIncomplete),
    streams: new Places(limits.maxStreams, "streams"),
    heads: new ResponseHeads(responses),
    streamBuffer: limits.streamBuffer,
    unreadResponses,
    heartbeatInterval: streams.heartbeatInterval,
    onError: containedOnError(onError ?? (() => {})),
  };
}

function callerOf(settings: GatewaySettings, arrivals: Arrivals): Caller {
  const { services, transport, interceptors, idempotent, timeouts } = settings;
  return new Caller(new ObservedTransport(transport), {
    timeouts,
    idempotent: new Set(idempotent),
    forwardHeaders: settings.forwardHeaders,
    arrivals,
    interceptors: interceptorsByName(Object.fromEntries(Object.entries<Service>(services)), interceptors),
    ...given({ metadata: settings.metadata }),
  });
}
