import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { listen } from "../http/listen.js";
import { urlOf } from "../server-address.js";

/** What a server does with a request. `count` is the number of requests so far. */
export type Respond = (res: ServerResponse, req: IncomingMessage, count: number) => void;

/** Starts a server that responds to every request as it is told; `requests` has those that came. */
export async function serve(
  t: TestContext,
  respond: Respond,
): Promise<{ baseUrl: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    respond(res, req, requests.length);
  });
  await listen(t, server);
  return { baseUrl: urlOf(server), requests };
}

/** Responds with JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Respond {
  return (res) => {
    res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** A call that may be repeated. */
export const GET = { method: "GET", path: "/v1/x", rpc: "x.X.Get" };

/** A call that must not be repeated. */
export const POST = { method: "POST", path: "/v1/x", body: "{}", rpc: "x.X.Post" };
