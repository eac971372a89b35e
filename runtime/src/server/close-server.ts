import type { Server } from "node:http";
import type { Gateway } from "../gateway.js";

/**
 * Stops a server and its gateway in good order: no new connections, unary calls finish, streams end with an error, and
 * what is left after the grace period is cut off. Resolves when the last connection is closed.
 *
 * @param grace milliseconds for calls to finish and for clients to take their answers; 10,000 by default
 */
export async function closeServer(server: Server, gateway: Gateway, grace = 10_000): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await gateway.close(grace);
  server.closeIdleConnections();
  await closed;
  clearTimeout(timer);
}
