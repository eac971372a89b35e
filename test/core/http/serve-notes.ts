import { once } from "node:events";
import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  request,
  type Server,
} from "node:http";
import type { TestContext } from "node:test";
import express, { type RequestHandler } from "express";
import express4 from "express4";
import { createGateway, type Gateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { FakeTransport } from "./fake-transport.js";
import { notes } from "./notes.js";

/** The kinds of server that a gateway can run in. */
export const HOSTS: readonly Host[] = ["Express 5", "Express 4", "node:http"];
export type Host = "Express 5" | "Express 4" | "node:http";

/** A listening gateway of notes, and its transport. */
export interface Served {
  readonly gateway: Gateway;
  readonly transport: FakeTransport;
  readonly server: Server;
  readonly port: number;
}

/** The place of a gateway in an app. */
export interface Mount {
  readonly host?: Host;
  /** The path that the gateway is mounted at. */
  readonly path?: string;
  /** Middleware before the gateway. */
  readonly before?: readonly RequestHandler[];
  /** Middleware after the gateway. */
  readonly after?: readonly RequestHandler[];
}

/** Serves a gateway of {@link notes} until the test ends. */
export async function serveNotes(
  t: TestContext,
  options: Partial<GatewayOptions> = {},
  mount: Mount = {},
): Promise<Served> {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport, ...options });
  const { host = "Express 5", path = "/", before = [], after = [] } = mount;
  let listener: RequestListener = gateway.router;
  if (host !== "node:http") {
    const app = host === "Express 5" ? express() : express4();
    for (const handler of before) app.use(handler);
    app.use(path, gateway.router);
    for (const handler of after) app.use(handler);
    listener = app;
  }
  const server = createServer(listener);
  const port = await listen(t, server);
  return { gateway, transport, server, port };
}

/** Listens on a free port until the test ends. */
export async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}

/** A complete response. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: NodeJS.Dict<string>;
}

/** Opens a request to a path. The default method is `POST`. */
export function open(port: number, path: string, options: RequestOptions = {}): ClientRequest {
  return request({ host: "127.0.0.1", port, path, method: "POST", agent: false, ...options });
}

/** Sends a request and reads the response to its end. */
export async function send(port: number, path: string, body = "", options: RequestOptions = {}): Promise<Answer> {
  const req = open(port, path, options);
  req.end(body);
  return answer(req);
}

/** Reads the response of a request to its end. */
export async function answer(req: ClientRequest): Promise<Answer> {
  const res = await response(req);
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk);
  const { statusCode: status = 0, headers, trailers } = res;
  return { status, headers, body: Buffer.concat(chunks).toString(), trailers };
}

/** Waits until the response of a request begins. */
export async function response(req: ClientRequest): Promise<IncomingMessage> {
  const [res] = await once(req, "response");
  return res;
}
