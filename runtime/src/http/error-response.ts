import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayError } from "../gateway-error.js";
import { endAndClose, endResponse } from "./early-response.js";

const LONGEST_CHALLENGE = 1024;

/**
 * Answers with an error: the only place that does. The response must not have begun. A 401 has the header
 * `WWW-Authenticate` with the message, as grpc-gateway v2 sends it. A body that is refused for its length or its slowness
 * is not read to its end: the connection is closed.
 *
 * @param body the error as JSON text
 * @param headers further response headers: those of the call
 */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  error: GatewayError,
  body: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  const bytes = Buffer.from(body);
  const closes = !req.complete && (error.httpStatus === 413 || error.httpStatus === 408);
  res.writeHead(error.httpStatus, {
    ...headers,
    ...(error.httpStatus === 401 && { "WWW-Authenticate": headerText(error.message) }),
    ...error.headers,
    "Content-Type": "application/json",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": bytes.length,
    ...(closes && { Connection: "close" }),
  });
  res.write(bytes);
  if (closes) endAndClose(req, res);
  else endResponse(req, res);
}

/** A text as a header value: printable ASCII, and no longer than a client's header limits allow. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, LONGEST_CHALLENGE);
}
