import type { ServerResponse } from "node:http";

/** Answers 200 with one message, given as JSON. */
export function sendMessage(
  res: ServerResponse,
  json: Buffer,
  headers: Readonly<Record<string, string | string[]>>,
): void {
  res.writeHead(200, {
    ...headers,
    "Content-Type": "application/json",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": json.length,
  });
  res.end(json);
}
