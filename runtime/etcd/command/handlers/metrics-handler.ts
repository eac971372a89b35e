import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { singleFlight } from "../../single-flight.js";
import { methodNotAllowed, sendWhole, uncached, type WholeResponse } from "../../whole-response.js";
import type { CommandMetrics, MetricsText } from "./command-metrics.js";

/**
 * Makes a handler of `/metrics`. It passes all other requests, and errors of the metrics, to the next handler. Requests
 * that arrive together on several connections share one response.
 */
export function metricsHandler(
  metrics: Pick<CommandMetrics, "text">,
): (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void {
  const response = singleFlight(async () => {
    const made = metricsResponse(await metrics.text());
    // One process makes its metrics without waiting for anything. So only requests of this turn of the event loop can
    // share them.
    await setImmediate();
    return made;
  });
  return function metricsHandler(req, res, next) {
    const { method, url = "/" } = req;
    if (url !== "/metrics" && !url.startsWith("/metrics?")) {
      next();
    } else if (method !== "GET" && method !== "HEAD") {
      sendWhole(req, res, uncached(methodNotAllowed()));
    } else {
      response().then((all) => sendWhole(req, res, all), next);
    }
  };
}

function metricsResponse({ contentType, text }: MetricsText): WholeResponse {
  return uncached({ status: 200, headers: { "Content-Type": contentType }, body: Buffer.from(text) });
}
