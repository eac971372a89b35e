import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { containResponseErrors, failResponse } from "@etcd-gateway/runtime";

/** A response that is written at once. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Makes a text response, in etcd's format. */
export function textResponse(status: number, text: string, headers: OutgoingHttpHeaders = {}): WholeResponse {
  return { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" }, body: Buffer.from(text) };
}

/** Makes a JSON response. */
export function jsonResponse(status: number, value: object): WholeResponse {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { "Content-Type": "application/json" }, body };
}

/** Makes the response to an unknown path, like every version of etcd. */
export function notFound(): WholeResponse {
  return textResponse(404, "404 page not found\n");
}

/** Makes the response to a method other than `GET` and `HEAD`. */
export function methodNotAllowed(): WholeResponse {
  return textResponse(405, "Method Not Allowed\n", { Allow: "GET, HEAD" });
}

/** Tells caches not to store a response. */
export function uncached(response: WholeResponse): WholeResponse {
  return { ...response, headers: { ...response.headers, "Cache-Control": "no-store" } };
}

/**
 * Sends a response, unless the app has already sent one: its time limit may be shorter than etcd's. Headers that the
 * app has set may make this fail. Then it closes the connection and emits a process warning. Never throws.
 */
export function sendWhole(req: IncomingMessage, res: ServerResponse, { status, headers, body }: WholeResponse): void {
  try {
    containResponseErrors(res);
    if (res.headersSent || res.destroyed) return;
    ignoreErrors(res);
    res.writeHead(status, { ...headers, "X-Content-Type-Options": "nosniff", "Content-Length": body.length });
    if (!res.writableEnded) res.end(req.method === "HEAD" ? undefined : body);
  } catch (thrown) {
    failResponse(res, thrown);
  }
}

/** Ignores errors of a response, such as a write after its end. Without a listener, they would end the process. */
export function ignoreErrors(res: ServerResponse): void {
  res.on("error", ignore);
}

function ignore(): void {}
