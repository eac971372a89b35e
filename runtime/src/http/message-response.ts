import type { IncomingMessage, ServerResponse } from "node:http";
import { endResponse } from "./early-response.js";

/** An HTTP body, or a part of one. */
export interface ResponseBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Answers 200 with one message, given as the body that it is, unless another has begun to answer. */
export function sendMessage(
  res: ServerResponse,
  { contentType, bytes }: ResponseBody,
  headers: Readonly<Record<string, string | string[]>>,
): void {
  if (res.headersSent) return;
  res.writeHead(200, {
    ...headers,
    "Content-Type": contentType,
    "X-Content-Type-Options": "nosniff",
    "Content-Length": bytes.length,
  });
  res.end(bytes);
}

/** Answers 204: there is nothing more. To a browser's `EventSource` it says not to come back. */
export function sendNothing(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(204, { "Cache-Control": "no-store" });
  endResponse(req, res);
}
