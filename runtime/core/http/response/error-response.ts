import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayError } from "../../errors/gateway-error.js";
import type { ErrorBody } from "../../transcode/error-format.js";
import type { ErrorWriter } from "../../transcode/error-writer.js";
import { endAndClose, endResponse } from "./early-response.js";
import { failResponse } from "./failed-response.js";

const LONGEST_CHALLENGE = 1024;

/** What an error response has that is not the error's alone. */
export interface ErrorResponseParts {
  /** The body; by default the error as it is written. */
  readonly body?: ErrorBody;
  /** Further response headers: those of the call. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/**
 * Answers with an error: the only place that does. A response that has begun is another's, such as that of middleware
 * which has lost patience, and stays as it is. A body that is refused for its length or its slowness is not read to its
 * end: the connection is closed. Never throws.
 */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  error: GatewayError,
  errors: ErrorWriter,
  { body = { contentType: "application/json", text: errors.body(error) }, headers = {} }: ErrorResponseParts = {},
): void {
  if (res.headersSent) return;
  const status = errors.status(error);
  const closes = !req.complete && (status === 413 || status === 408);
  try {
    writeError(res, error, errors, status, { body, headers }, closes);
  } catch (thrown) {
    failResponse(res, thrown);
    return;
  }
  if (closes) endAndClose(req, res);
  else endResponse(req, res);
}

function writeError(
  res: ServerResponse,
  error: GatewayError,
  errors: ErrorWriter,
  status: number,
  { body, headers }: Required<ErrorResponseParts>,
  closes: boolean,
): void {
  const bytes = Buffer.from(body.text);
  res.writeHead(status, {
    ...headers,
    ...(status === 401 && errors.challenges && { "WWW-Authenticate": headerText(error.message) }),
    ...error.headers,
    "Content-Type": body.contentType,
    "X-Content-Type-Options": "nosniff",
    "Content-Length": bytes.length,
    ...(closes && { Connection: "close" }),
  });
  // A hook of the app may have ended it.
  if (!res.writableEnded) res.write(bytes);
}

/** A text as a header value: printable ASCII, and no longer than a client's header limits allow. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, LONGEST_CHALLENGE);
}
