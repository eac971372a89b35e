import type { Server } from "node:http";
import { readGrace } from "../gateway/close-grace.js";
import type { Gateway } from "../gateway/gateway.js";
import { hasMethods, instance } from "../options/option-kinds.js";
import { SERVER } from "../websocket/upgrade-options.js";

/** How often connections that have become idle are closed, in milliseconds: by itself the server keeps them open. */
const SWEEP = 50;

const GATEWAY = instance<Pick<Gateway, "close">>(
  { text: "the gateway", type: "Gateway", expected: "a gateway" },
  (given) => hasMethods(given, "close"),
).required();

/**
 * Stops a server and its gateway in good order: no new connections, unary calls finish, streams end with an error, and
 * what is left after the grace period is cut off. Resolves when the last connection is closed.
 *
 * @param grace milliseconds for calls to finish and for clients to take their answers; 10,000 by default
 * @throws TypeError if one of them is something else
 */
export async function closeServer(server: Server, gateway: Pick<Gateway, "close">, grace?: number): Promise<void> {
  SERVER.readArgument(server, "server");
  GATEWAY.readArgument(gateway, "gateway");
  const milliseconds = readGrace(grace);
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
  const cut = setTimeout(() => server.closeAllConnections(), milliseconds);
  await Promise.all([closed, gateway.close(milliseconds)]);
  clearInterval(sweep);
  clearTimeout(cut);
}
