import type { Server } from "node:http";
import type { Socket } from "node:net";

/** The open connections of servers. */
const open = new WeakMap<Server, Set<Socket>>();

/**
 * Remembers the connections that a server accepts from now on, for {@link cutConnections}. Node.js knows
 * only those that it parses: neither those that an upgrade has detached, nor those whose TLS handshake is in progress.
 */
export function trackConnections(server: Server): void {
  if (open.has(server)) return;
  const connections = new Set<Socket>();
  open.set(server, connections);
  server.on("connection", (connection: Socket) => {
    // A connection that is given back after an upgrade comes here again.
    if (connections.has(connection)) return;
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
}

/** Closes the connections of a server at once: those that Node.js knows, and those that are remembered here. */
export function cutConnections(server: Server): void {
  server.closeAllConnections();
  for (const connection of open.get(server) ?? []) connection.destroy();
}
