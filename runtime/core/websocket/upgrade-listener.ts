import { type Server as HttpServer, type IncomingMessage, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Router } from "../http/gateway-router.js";
import { pathOf } from "../transcode/url/request-path.js";
import { beginHandshake, handshakeOf } from "./handshake.js";
import { servePlain } from "./plain-request.js";

/** What a gateway's upgrade listener needs to know. */
export interface UpgradeListenerOptions {
  readonly pingInterval: number;
  /** Whether an upgrade of a path is the gateway's to take, if others listen for upgrades too. */
  isTaken(path: string): boolean;
}

/**
 * Hands a server's upgrades to WebSocket to its request handlers, as any other request: they pass the middleware before
 * the gateway, and are served where it is mounted. A handler that answers them otherwise has refused them.
 *
 * @param router serves the requests of a server that has no handler
 */
export function listenForUpgrades(
  server: HttpServer | HttpsServer,
  router: Router,
  { pingInterval, isTaken }: UpgradeListenerOptions,
): void {
  server.on("upgrade", (req: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Only a server that makes its connections in a way of its own has others.
    if (!(stream instanceof Socket)) return;
    const isAlone = server.listenerCount("upgrade") === 1;
    if (handshakeOf(req) !== undefined || !(isAlone || isTaken(pathOf(req.url ?? "/")))) return;
    if (!isWebSocket(req)) {
      servePlain(server, req, stream, head);
      return;
    }
    // Node.js no longer listens for the errors of the connection.
    stream.on("error", () => stream.destroy());
    beginHandshake(req, { stream, head, pingInterval });
    const res = responseOn(stream, req);
    // Not before the other listeners, to whom a request with the URL that Express gives it would look like another.
    process.nextTick(() => {
      if (!server.emit("request", req, res)) router(req, res);
    });
  });
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
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
