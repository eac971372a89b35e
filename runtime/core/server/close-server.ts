import type { Server } from "node:http";
import { readGrace } from "../gateway/close-grace.js";
import type { Gateway } from "../gateway/gateway.js";
import { cutConnections } from "../http/connection/open-connections.js";
import { hasMethods, instance } from "../options/option-kinds.js";
import { CLOSE_TIMEOUT } from "../websocket/close-frame.js";
import { SERVER } from "../websocket/upgrade-options.js";

/** How often to close connections that have become idle, in milliseconds. The server itself keeps them open. */
const SWEEP = 50;

/**
 * How long clients may take to read the last frames of the calls that end with the grace period, in milliseconds. The
 * gateway itself waits for its WebSockets, so this is longer.
 */
const LINGER = CLOSE_TIMEOUT + 500;

const GATEWAY = instance<Pick<Gateway, "close">>(
  { text: "the gateway", type: "Gateway", expected: "a gateway" },
  (given) => hasMethods(given, "close"),
).required();

/**
 * Closes a server and its gateway. There are no new connections, unary calls finish, and streams end with an error.
 * Connections that remain after the grace period are cut off; WebSockets whose calls end only then have about a second
 * more, to read why. Resolves when the last connection is closed.
 *
 * @param grace how long calls may take to finish, and clients to read their responses, in milliseconds; 10,000 by
 *   default
 * @throws TypeError if an argument is not valid
 */
export async function closeServer(server: Server, gateway: Pick<Gateway, "close">, grace?: number): Promise<void> {
  SERVER.readArgument(server, "server");
  GATEWAY.readArgument(gateway, "gateway");
  const milliseconds = readGrace(grace);
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A gateway without types may return no promise.
  const drained = Promise.resolve(gateway.close(milliseconds));
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
  const cut = setTimeout(() => cutSoon(server, drained), milliseconds);
  try {
    // The server closes even if the gateway fails to.
    await Promise.allSettled([closed, drained]);
    await drained;
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** Cuts the connections when the gateway has closed, which waits for its WebSockets for a second, or soon after. */
function cutSoon(server: Server, drained: Promise<void>): void {
  const cut = (): void => {
    clearTimeout(timer);
    cutConnections(server);
  };
  const timer = setTimeout(cut, LINGER);
  drained.then(cut, cut);
}
