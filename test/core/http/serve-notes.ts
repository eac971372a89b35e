import { createServer, type RequestListener, type Server } from "node:http";
import type { TestContext } from "node:test";
import express, { type RequestHandler } from "express";
import express4 from "express4";
import { createGateway, type Gateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { listen } from "../../http/listen.js";
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
