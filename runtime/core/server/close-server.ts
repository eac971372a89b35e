import type { Server } from "node:http";
import type { Gateway } from "../gateway/gateway.js";

/** How often connections that have become idle are closed, in milliseconds: by itself the server keeps them open. */
const SWEEP = 50;

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
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
  const cut = setTimeout(() => server.closeAllConnections(), grace);
  await Promise.all([closed, gateway.close(grace)]);
  clearInterval(sweep);
  clearTimeout(cut);
}
