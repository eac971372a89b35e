import { type Server as HttpServer, type IncomingMessage, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEarlierResponses, afterResponses } from "../http/connection/earlier-responses.js";
import type { Router } from "../http/gateway-router.js";
import { pathOf } from "../transcode/url/request-path.js";
import { beginHandshake } from "./handshake.js";
import { servePlain } from "./plain-request.js";

/** What a gateway's upgrade listener needs to know. */
export interface UpgradeListenerOptions {
  readonly pingInterval: number;
  /** Whether an upgrade of a path is the gateway's to take, if others listen for upgrades too. */
  isTaken(path: string): boolean;
}

/** The requests that a gateway has taken: a server may have several, all of which hear of each. */
const taken = new WeakSet<IncomingMessage>();

/**
 * Hands a server's upgrades to WebSocket to its request handlers, as any other request: they pass the middleware before
 * the gateway, and are served where it is mounted, behind the requests that came before on the connection. A handler that
 * answers them otherwise has refused them.
 *
 * @param router serves the requests of a server that has no handler
 */
export function listenForUpgrades(
  server: HttpServer | HttpsServer,
  router: Router,
  { pingInterval, isTaken }: UpgradeListenerOptions,
): void {
  const serve = (req: IncomingMessage, res: ServerResponse): void => {
    // Not before the other listeners, to whom a request with the URL that Express gives it would look like another.
    process.nextTick(() => {
      if (!server.emit("request", req, res)) router(req, res);
    });
  };
  server.on("upgrade", (req: IncomingMessage, stream: Duplex, head: Buffer) => {
    const isAlone = server.listenerCount("upgrade") === 1;
    if (taken.has(req) || !(isAlone || isTaken(pathOf(req.url ?? "/")))) return;
    taken.add(req);
    if (!(stream instanceof Socket)) {
      // Since Node.js 25 a request whose body is still under way: it goes on as a plain one, the last of its connection.
      // A reset of the connection is an error of this stream, too, for which nobody else listens.
      stream.on("error", () => {});
      afterResponses(req.socket, () => serve(req, responseOn(req.socket, req)));
      return;
    }
    afterEarlierResponses(stream, head, (rest) => {
      if (!isWebSocket(req)) {
        servePlain(server, req, stream, rest);
        return;
      }
      // Node.js no longer listens for the errors of the connection.
      stream.on("error", () => stream.destroy());
      beginHandshake(req, { stream, head: rest, pingInterval });
      serve(req, responseOn(stream, req));
    });
  });
}

/** Whether a request is a handshake: one with a body is none. */
function isWebSocket({ headers }: IncomingMessage): boolean {
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
  return headers.upgrade?.toLowerCase() === "websocket" && !hasBody;
}

/** A response on a connection that Node.js has taken from its server: the last one. */
function responseOn(stream: Socket, req: IncomingMessage): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(stream);
  stream.on("drain", () => res.emit("drain"));
  res.on("finish", () => stream.end(() => stream.destroy()));
  return res;
}
