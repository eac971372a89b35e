import type { ServerResponse } from "node:http";

/** An HTTP body, or a part of one. */
export interface ResponseBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Answers 200 with one message, given as the body that it is. */
export function sendMessage(
  res: ServerResponse,
  { contentType, bytes }: ResponseBody,
  headers: Readonly<Record<string, string | string[]>>,
): void {
  res.writeHead(200, {
    ...headers,
    "Content-Type": contentType,
    "X-Content-Type-Options": "nosniff",
    "Content-Length": bytes.length,
  });
  res.end(bytes);
}
