import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../transcode/headers/app-headers.js";
import type { ResponseBody } from "../../transcode/response-body.js";
import { headOfBody } from "./body-head.js";
import { endResponse } from "./end-response.js";
import { failResponse } from "./failed-response.js";
import type { ResponseHead } from "./response-heads.js";
import { addTrailers, trailerNames } from "./trailers.js";

/**
 * The longest body that is written at once, as a string, in bytes. For strings of up to 16 KiB, Node.js uses the stack.
 */
export const SHORT: number = 12 * 1024;

/**
 * Responds with one message, unless another response has begun. Never throws.
 *
 * @param trailers the trailers after the body, if there are any and the client accepts them
 */
export function sendMessage(
  res: ServerResponse,
  { contentType, bytes }: ResponseBody,
  { status, headers }: ResponseHead,
  trailers?: HttpHeaders,
): void {
  if (res.headersSent) return;
  try {
    if (isBodiless(status)) {
      res.writeHead(status, headers).end();
      return;
    }
    const head = headOfBody(headers, contentType);
    if (trailers === undefined) head["Content-Length"] = bytes.length;
    else head["Trailer"] = trailerNames(trailers);
    res.writeHead(status, head);
    // A hook of the app may have ended the response.
    if (res.writableEnded) return;
    addTrailers(res, trailers);
    // Node.js writes the head and a short string at once, but the head and a buffer as two pieces that it has to
    // gather.
    if (bytes.length <= SHORT) res.end(bytes.toString("latin1"), "latin1");
    else res.end(bytes);
  } catch (error) {
    failResponse(res, error);
  }
}

/**
 * Whether responses with this status have no body, and no headers that describe one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5, and sections 15.3.6 and 15.4.5
 */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Responds with 204. It tells a browser's `EventSource` not to connect again. */
export function sendNothing(req: IncomingMessage, res: ServerResponse): void {
  if (res.headersSent) return;
  try {
    res.writeHead(204, { "Cache-Control": "no-store" });
    endResponse(req, res);
  } catch (error) {
    failResponse(res, error);
  }
}
