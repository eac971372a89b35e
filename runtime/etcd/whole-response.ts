import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { containResponseErrors, failResponse } from "@etcd-gateway/runtime";

/** A response that is written at once. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
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
    res.writeHead(status, { ...headers, "Content-Length": body.length });
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
