import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";

/**
 * Serves a request as if it had no `Upgrade` header, which a server may ignore (RFC 9110, 7.8): some HTTP clients offer
 * HTTP/2 by it with their first request. Node.js has taken the connection away from its parser, and gets it back with the
 * request in front.
 */
export function servePlain(server: HttpServer | HttpsServer, req: IncomingMessage, stream: Duplex, head: Buffer): void {
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i] ?? "";
    if (name.toLowerCase() !== "upgrade") lines.push(`${name}: ${req.rawHeaders[i + 1]}`);
  }
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit(server instanceof HttpsServer ? "secureConnection" : "connection", stream);
}
