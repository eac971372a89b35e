import { type Server as HttpServer, type IncomingMessage, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { rejectConnect } from "../http/connection/connect-requests.js";
import { afterEarlierResponses, afterResponses } from "../http/connection/earlier-responses.js";
import { sendLast } from "../http/connection/last-response.js";
import { trackConnections } from "../http/connection/open-connections.js";
import type { Router } from "../http/gateway-router.js";
import { tooManyHeaders } from "../http/guard/header-count.js";
import { pathOf } from "../transcode/url/request-path.js";
import { beginHandshake } from "./handshake.js";
import { servePlain } from "./plain-request.js";

/** The options of a gateway's upgrade listener. */
export interface UpgradeListenerOptions {
  readonly pingInterval: number;
  /** Whether the gateway handles upgrades of a path, if there are other upgrade listeners. */
  isTaken(path: string): boolean;
}

/** The listeners of all gateways, and the paths that they take. A server may have several. */
const takes = new WeakMap<object, (path: string) => boolean>();

/**
 * Passes a server's WebSocket upgrades to its request handlers, like any other request. So they pass the middleware
 * before the gateway, are served where it is mounted, and wait for earlier requests of the connection. If a handler
 * sends another response, the upgrade is rejected.
 *
 * @param router serves the requests if the server has no request handler
 */
export function listenForUpgrades(
  server: HttpServer | HttpsServer,
  router: Router,
  { pingInterval, isTaken }: UpgradeListenerOptions,
): void {
  const serve = (req: IncomingMessage, res: ServerResponse): void => {
    // Later than the other listeners: Express changes the URL of the request, so it would look like another one to
    // them.
    process.nextTick(() => {
      if (!server.emit("request", req, res)) router(req, res);
    });
  };
  const listener = (req: IncomingMessage, stream: Duplex, head: Buffer): void => {
    if (listener !== takerOf(pathOf(req.url ?? "/"), server.listeners("upgrade"))) return;
    if (!(stream instanceof Socket)) {
      // Since Node.js 25, this is a request whose body has not arrived completely. It is served as a plain request, the
      // last of its connection. If the connection is reset, this stream emits an error too, which has no other
      // listener.
      stream.on("error", () => {});
      serveLast(req, () => serve(req, responseOn(req.socket, req)));
      return;
    }
    afterEarlierResponses(stream, head, (rest) => {
      const error = tooManyHeaders(req);
      if (error !== undefined) {
        // Where the body ends may be in a header that Node.js has dropped. Its bytes must not be served as a request.
        stream.on("error", () => stream.destroy()).resume();
        sendLast(stream, error);
        return;
      }
      if (!isWebSocket(req)) {
        servePlain(server, req, stream, rest);
        return;
      }
      // Node.js no longer listens for errors of the connection.
      stream.on("error", () => stream.destroy());
      beginHandshake(req, { stream, head: rest, pingInterval });
      serve(req, responseOn(stream, req));
    });
  };
  takes.set(listener, isTaken);
  server.on("upgrade", listener);
  trackConnections(server);
  rejectConnect(server);
}

/** Returns the listener of a gateway that takes a path. If all listeners are those of gateways, one takes it. */
function takerOf(path: string, listeners: readonly object[]): object | undefined {
  const taker = listeners.find((listener) => takes.get(listener)?.(path));
  return taker ?? (listeners.every((listener) => takes.has(listener)) ? listeners[0] : undefined);
}

/** Whether a request is a WebSocket handshake. A request with a body is not. */
function isWebSocket({ headers }: IncomingMessage): boolean {
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
  return headers.upgrade?.toLowerCase() === "websocket" && !hasBody;
}

/**
 * Serves the last request of a connection after the earlier ones. Node.js detaches the connection from its server when
 * the body has arrived, and then no longer notices that the client disconnects.
 */
function serveLast({ socket }: IncomingMessage, serve: () => void): void {
  socket.on("end", () => socket.end());
  afterResponses(socket, () => {
    // Removes the timeout that Node.js sets between two requests.
    socket.setTimeout(0);
    serve();
  });
}

/**
 * Creates the response on a connection that Node.js has detached from its server. It is the last one of the connection.
 */
function responseOn(stream: Socket, req: IncomingMessage): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(stream);
  stream.on("drain", () => res.emit("drain"));
  res.on("finish", () => stream.end(() => stream.destroy()));
  return res;
}
