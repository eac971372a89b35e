import type { IncomingMessage, ServerResponse } from "node:http";
import type { CommandMetrics } from "./command-metrics.js";

/** Makes a handler of `/metrics`. It passes all other requests, and errors of the metrics, to the next handler. */
export function metricsHandler(
  metrics: Pick<CommandMetrics, "text">,
): (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void {
  return function metricsHandler(req, res, next) {
    const { method, url = "/" } = req;
    if (url !== "/metrics" && !url.startsWith("/metrics?")) {
      next();
    } else if (method !== "GET" && method !== "HEAD") {
      send(res, 405, "text/plain; charset=utf-8", "Method Not Allowed\n", { Allow: "GET, HEAD" });
    } else {
      metrics.text().then(({ contentType, text }) => send(res, 200, contentType, text), next);
    }
  };
}

function send(
  res: ServerResponse,
  status: number,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.destroyed) return;
  res.writeHead(status, {
    ...headers,
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  res.end(text);
}
