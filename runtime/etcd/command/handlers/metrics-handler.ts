import type { IncomingMessage, ServerResponse } from "node:http";
import { methodNotAllowed, sendWhole, uncached, type WholeResponse } from "../../whole-response.js";
import type { CommandMetrics, MetricsText } from "./command-metrics.js";

/** Makes a handler of `/metrics`. It passes all other requests, and errors of the metrics, to the next handler. */
export function metricsHandler(
  metrics: Pick<CommandMetrics, "text">,
): (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void {
  return function metricsHandler(req, res, next) {
    const { method, url = "/" } = req;
    if (url !== "/metrics" && !url.startsWith("/metrics?")) {
      next();
    } else if (method !== "GET" && method !== "HEAD") {
      sendWhole(req, res, uncached(methodNotAllowed()));
    } else {
      metrics.text().then((all) => sendWhole(req, res, uncached(metricsResponse(all))), next);
    }
  };
}

function metricsResponse({ contentType, text }: MetricsText): WholeResponse {
  return { status: 200, headers: { "Content-Type": contentType }, body: Buffer.from(text) };
}
