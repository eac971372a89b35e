import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

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
  if (res.headersSent || res.destroyed) return;
  try {
    res.on("error", ignore);
    res.writeHead(status, { ...headers, "Content-Length": body.length });
    if (!res.writableEnded) res.end(req.method === "HEAD" ? undefined : body);
  } catch (thrown) {
    const { message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
    process.emitWarning(`a response could not be written: ${message}`, { type: "GatewayWarning", detail: stack });
    req.socket.destroy();
  }
}

function ignore(): void {}
