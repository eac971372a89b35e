import { once } from "node:events";
import type { Server } from "node:http";
import { accessLog, type CallObserver, closeServer, createHttpServer } from "@etcd-gateway/runtime";
import { CHANNEL, GATEWAY_TIMEOUTS, given } from "@etcd-gateway/runtime/options";
import { exposedNames } from "../access/expose.js";
import { etcdGateway } from "../etcd-gateway.js";
import { isKnown } from "../generated-api.js";
import { EXPOSE } from "../options/etcd-gateway-settings.js";
import type { ServeFlags } from "./flags/flags.js";
import type { ListenAddress } from "./flags/listen-address.js";
import { type CommandMetrics, commandMetrics } from "./handlers/command-metrics.js";
import { metricsHandler } from "./handlers/metrics-handler.js";
import { type Handler, requestHandler } from "./handlers/request-handler.js";
import { loggerOf } from "./log/logger.js";
import { RepetitionLog } from "./log/repetition-log.js";
import type { RunningServer } from "./running-server.js";
import { sharedMetrics } from "./workers/shared-metrics.js";

/** What the errors of `listen` mean, by their codes, and what to do. */
const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use; choose another with --listen",
  EADDRNOTAVAIL: "this machine does not have the address; choose another with --listen",
  EACCES: "this user may not use the port; choose one above 1023 with --listen",
  ENOTFOUND: "the host is unknown; choose another with --listen",
};

/**
 * Starts the stand-alone server.
 *
 * @throws TypeError if the gateway rejects an option
 * @throws Error if the server cannot listen
 */
export async function serve(flags: ServeFlags, write: (line: string) => void): Promise<RunningServer> {
  const repetitions = new RepetitionLog(write);
  const log = (line: string): void => repetitions.log(line);
  const logger = loggerOf(flags.server);
  const metrics = flags.server.metrics ? commandMetrics() : undefined;
  const observers: CallObserver[] = [];
  if (logger !== undefined) observers.push(accessLog(logger));
  if (metrics !== undefined) observers.push(metrics.observer);
  const gateway = etcdGateway({
    ...flags.gateway,
    observers,
    onError(error) {
      // Errors below 500 are the client's. Others are logged, unless the access log already has a line for the call.
      if (error.httpStatus < 500 || logger !== undefined) return;
      log(`${error.httpStatus} ${error.message}${reasonOf(error.cause)}`);
    },
  });
  const further = await furtherHandlers(flags, metrics);
  const stall = GATEWAY_TIMEOUTS.stall.readArgument(flags.gateway.timeouts?.stall, "timeouts.stall");
  const handler = requestHandler(gateway, flags.gateway.browsers ?? {}, log, further, observers, stall);
  const server = createHttpServer(handler, flags.listenTls === undefined ? {} : { tls: flags.listenTls });
  const { maxConnections, pingInterval, grace } = flags.server;
  gateway.handleUpgrades(server, { pingInterval });
  limitConnections(server, maxConnections, log);
  // The gateway loads it in the background. The first call should not have to wait for it.
  if (CHANNEL.readArgument(flags.gateway.channel, "channel") === "grpc-js") await import("@grpc/grpc-js");
  server.listen(flags.listen.port, flags.listen.host);
  try {
    await once(server, "listening");
  } catch (error) {
    await gateway.close(0);
    throw cannotListen(flags.listen, error);
  }
  return {
    url: urlOf(server, flags),
    renew({ gateway: { tls, access }, listenTls }) {
      if (tls !== undefined) gateway.setSecureContext(tls);
      if (access?.credentials !== undefined) gateway.setCredentials(access.credentials);
      if (listenTls !== undefined && "setSecureContext" in server) server.setSecureContext(listenTls);
    },
    async close() {
      try {
        await closeServer(server, gateway, grace);
      } finally {
        repetitions.flush();
      }
    },
  };
}

/** Makes the handlers of what the command serves in addition to etcd's API. */
async function furtherHandlers(
  { gateway, server }: ServeFlags,
  metrics: CommandMetrics | undefined,
): Promise<readonly Handler[]> {
  const handlers: Handler[] = [];
  if (metrics !== undefined) {
    const isOneOfSeveral = server.workers > 1;
    handlers.push(metricsHandler(isOneOfSeveral ? { text: sharedMetrics(metrics.registry) } : metrics));
  }
  if (server.explorer === true) {
    const { explorer } = await import("@etcd-gateway/explorer");
    const expose = EXPOSE.readArgument(gateway.access?.expose, "access.expose");
    handlers.push(explorer(given({ exposed: exposedNames(expose, isKnown) })));
  }
  return handlers;
}

function limitConnections(server: Server, maxConnections: number, log: (line: string) => void): void {
  server.maxConnections = maxConnections;
  // Otherwise newer versions of Node.js would pass an excess connection from process to process, forever.
  Object.assign(server, { dropMaxConnection: true });
  server.on("drop", () => log(`closed a new connection: ${maxConnections} are open, the limit of --max-connections`));
}

function cannotListen({ host, port }: ListenAddress, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = LISTEN_FAULTS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new Error(`cannot listen on ${host.includes(":") ? `[${host}]` : host}:${port}: ${reason}`, { cause });
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
