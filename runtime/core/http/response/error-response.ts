import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../call/app-headers.js";
import type { ErrorBody } from "../../transcode/error-format.js";
import type { WrittenError } from "../../transcode/written-error.js";
import { endAndClose, endResponse } from "./early-response.js";
import { failResponse } from "./failed-response.js";
import { addTrailers, trailerNames } from "./trailers.js";

/** What an error response has that is not the error's alone. */
export interface ErrorResponseParts {
  /** The body; by default the error as it is written. */
  readonly body?: ErrorBody;
  /** Further response headers: those of the call. */
  readonly headers?: HttpHeaders;
  /** The trailers of the call, if the client takes them. */
  readonly trailers?: HttpHeaders | undefined;
}

/**
 * Answers with an error: the only place that does. A response that has begun is another's, such as that of middleware
 * which has lost patience, and stays as it is. A body that is refused for its length or its slowness is not read to its
 * end: the connection is closed. Never throws.
 */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  written: WrittenError,
  { body = written.body(), headers = {}, trailers }: ErrorResponseParts = {},
): void {
  if (res.headersSent) return;
  const { status } = written;
  const closes = !req.complete && (status === 413 || status === 408);
  try {
    const bytes = Buffer.from(body.text);
    res.writeHead(status, {
      ...headers,
      ...written.headers,
      "Content-Type": body.contentType,
      "X-Content-Type-Options": "nosniff",
      ...(trailers === undefined ? { "Content-Length": bytes.length } : { Trailer: trailerNames(trailers) }),
      ...(closes && { Connection: "close" }),
    });
    // A hook of the app may have ended it.
    if (!res.writableEnded) res.write(bytes);
    addTrailers(res, trailers);
  } catch (thrown) {
    failResponse(res, thrown);
    return;
  }
  if (closes) endAndClose(req, res);
  else endResponse(req, res);
}
