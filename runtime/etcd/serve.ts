import { once } from "node:events";
import type { Server } from "node:http";
import { browserGuard, closeServer, createHttpServer } from "@etcd-gateway/runtime";
import express, { type Express } from "express";
import { apiDescriptions } from "./descriptions.js";
import type { ServeFlags } from "./flags.js";
import { type EtcdGateway, etcdGateway } from "./gateway.js";
import { etcdProbes } from "./probes/etcd-probes.js";

/** A server that is up. */
export interface RunningServer {
  /** Where it serves, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Drains: see `closeServer`. Resolves when all is closed. */
  close(): Promise<void>;
}

/**
 * Starts the stand-alone server.
 *
 * @throws TypeError for an option that the gateway refuses; the `Error` of `listen`, such as `EADDRINUSE`.
 */
export async function serve(flags: ServeFlags, log: (line: string) => void): Promise<RunningServer> {
  const gateway = etcdGateway({
    ...flags.gateway,
    onError(error) {
      // What clients got wrong is theirs to read; what happened to us is for the log.
      if (error.httpStatus >= 500) log(`${error.httpStatus} ${error.message}${reasonOf(error.cause)}`);
    },
  });
  const server = createHttpServer(app(gateway, flags), flags.listenTls === undefined ? {} : { tls: flags.listenTls });
  gateway.handleUpgrades(server, flags.pingInterval === undefined ? {} : { pingInterval: flags.pingInterval });
  server.listen(flags.listen.port, flags.listen.host);
  try {
    await once(server, "listening");
  } catch (error) {
    await gateway.close(0);
    throw error;
  }
  return {
    url: urlOf(server, flags),
    close: () => closeServer(server, gateway, flags.grace),
  };
}

function app(gateway: EtcdGateway, { gateway: options }: ServeFlags): Express {
  const { endpoints, tls } = options;
  const result = express();
  result.disable("x-powered-by");
  result.use(gateway.router);
  result.use(browserGuard(options));
  result.use(etcdProbes(gateway, { endpoints, ...(tls !== undefined && { tls }) }));
  result.use(apiDescriptions());
  result.use((_req, res) => {
    res.status(404).json({ code: 5, message: "Not Found" });
  });
  return result;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? `: ${cause.message}` : "";
}

function urlOf(server: Server, { listen, listenTls }: ServeFlags): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : listen.port;
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return `${listenTls === undefined ? "http" : "https"}://${host}:${port}`;
}
