import type { IncomingMessage, ServerResponse } from "node:http";
import { isThenable } from "../../call/app-result.js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { warnOf } from "../../errors/gateway-warning.js";
import { cutResponse } from "./failed-response.js";

/** Answers a request that no route matches, in the gateway's place; the error says why. */
export type UnknownRouteHandler = (
  error: GatewayError,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/**
 * Hands a request over. If the handler throws, or rejects, that is a warning of the process, and the request is answered as
 * without it; or cut off if a response has begun.
 */
export function handOver(
  handler: UnknownRouteHandler,
  error: GatewayError,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
  answer: () => void,
): void {
  const fail = (thrown: unknown): void => {
    warnOf("responses.unknownRoute failed", thrown);
    if (!res.headersSent) answer();
    else if (!res.writableEnded) cutResponse(res);
  };
  try {
    const result: unknown = handler(error, req, res, next);
    if (isThenable(result)) Promise.resolve(result).catch(fail);
  } catch (thrown) {
    fail(thrown);
  }
}
