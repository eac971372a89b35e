import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";

/** Whether Node.js reads the body of a request with an `Upgrade` header as that of any other: since Node.js 25. */
const READS_BODY = Number(process.versions.node.split(".")[0]) >= 25;

/** What frames a body that has been read. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "trailer"]);

/**
 * Serves a request as if it had no `Upgrade` header, which a server may ignore (RFC 9110, 7.8): some HTTP clients offer
 * HTTP/2 by it with their first request. Node.js has taken the connection away from its parser, and gets it back with the
 * request in front. (Told not to take it, Node.js loses what follows the request in the same packet.)
 */
export function servePlain(server: HttpServer | HttpsServer, req: IncomingMessage, stream: Duplex, head: Buffer): void {
  const body = READS_BODY ? bodyOf(req) : Buffer.alloc(0);
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i] ?? "";
    const isLeftOut = name.toLowerCase() === "upgrade" || (READS_BODY && FRAMING.has(name.toLowerCase()));
    if (!isLeftOut) lines.push(`${name}: ${req.rawHeaders[i + 1]}`);
  }
  if (body.length > 0) lines.push(`Content-Length: ${body.length}`);
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body, head]));
  server.emit(server instanceof HttpsServer ? "secureConnection" : "connection", stream);
  // It was paused while earlier requests were answered.
  stream.resume();
}

/** The body of a request that has arrived as a whole. */
function bodyOf(req: IncomingMessage): Buffer {
  const chunks: Buffer[] = [];
  for (let chunk: unknown = req.read(); Buffer.isBuffer(chunk); chunk = req.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
