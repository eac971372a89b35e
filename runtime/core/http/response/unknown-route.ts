import type { IncomingMessage, ServerResponse } from "node:http";
import { onRejection } from "../../call/app-result.js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { warnOf } from "../../errors/gateway-warning.js";
import { cutResponse } from "./failed-response.js";

/** Responds to a request without a route, instead of the gateway. The error says what the gateway would respond. */
export type UnknownRouteHandler = (
  error: GatewayError,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/**
 * Passes a request to the app's handler. If the handler throws or rejects, the process emits a warning, and the gateway
 * responds as if there were no handler. If a response has begun, it is cut off.
 */
export function handOver(
  handler: UnknownRouteHandler,
  error: GatewayError,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
  respond: () => void,
): void {
  const fail = (thrown: unknown): void => {
    warnOf("responses.unknownRoute failed", thrown);
    if (!res.headersSent) respond();
    else if (!res.writableEnded) cutResponse(res);
  };
  try {
    const result: unknown = handler(error, req, res, next);
    onRejection(result, fail);
  } catch (thrown) {
    fail(thrown);
  }
}
