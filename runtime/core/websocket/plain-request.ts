import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";

/** Whether Node.js reads the body of a request that has an `Upgrade` header, as that of any other: since Node.js 25. */
const READS_BODY = Number(process.versions.node.split(".")[0]) >= 25;

/** The headers that frame a body. They are wrong after the body has been read. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "trailer"]);

/**
 * Serves a request as if it had no `Upgrade` header. Servers may ignore the header (RFC 9110, 7.8), and some HTTP
 * clients send it with their first request to offer HTTP/2. Node.js has detached the connection from its parser. This
 * function gives the connection back, with the request written before the remaining data. (Node.js can also be told not
 * to detach it, but then loses the data after the request in the same packet.)
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
  // The connection was paused while earlier requests were in progress.
  stream.resume();
}

/** Returns the body of a request that has arrived completely. */
function bodyOf(req: IncomingMessage): Buffer {
  const chunks: Buffer[] = [];
  for (let chunk: unknown = req.read(); Buffer.isBuffer(chunk); chunk = req.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
