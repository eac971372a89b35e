import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../call/app-headers.js";
import type { ResponseBody } from "../../transcode/response-body.js";
import { endResponse } from "./early-response.js";
import { failResponse } from "./failed-response.js";
import type { ResponseHead } from "./response-heads.js";
import { addTrailers, trailerNames } from "./trailers.js";

/** How much is written in one go as a text, in bytes: Node.js writes texts of up to 16 KiB off the stack. */
export const SHORT: number = 12 * 1024;

/**
 * Answers with one message, given as the body that it is, unless another has begun to answer. Never throws.
 *
 * @param trailers what follows the body, if the client takes it
 */
export function sendMessage(
  res: ServerResponse,
  { contentType, bytes }: ResponseBody,
  { status, headers }: ResponseHead,
  trailers?: HttpHeaders,
): void {
  if (res.headersSent) return;
  try {
    if (status === 204 || status === 304) {
      res.writeHead(status, headers).end();
      return;
    }
    const head: OutgoingHttpHeaders = {
      ...headers,
      "Content-Type": headers["Content-Type"] ?? contentType,
      "X-Content-Type-Options": "nosniff",
    };
    if (trailers === undefined) head["Content-Length"] = bytes.length;
    else head["Trailer"] = trailerNames(trailers);
    res.writeHead(status, head);
    // A hook of the app has.
    if (res.writableEnded) return;
    addTrailers(res, trailers);
    // Node.js writes the head and a short text in one go, but the head and bytes as two pieces that it has to gather.
    if (bytes.length <= SHORT) res.end(bytes.toString("latin1"), "latin1");
    else res.end(bytes);
  } catch (error) {
    failResponse(res, error);
  }
}

/** Answers 204: there is nothing more. To a browser's `EventSource` it says not to come back. */
export function sendNothing(req: IncomingMessage, res: ServerResponse): void {
  if (res.headersSent) return;
  try {
    res.writeHead(204, { "Cache-Control": "no-store" });
    endResponse(req, res);
  } catch (error) {
    failResponse(res, error);
  }
}
