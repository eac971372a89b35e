import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { afterEarlierResponses } from "./earlier-responses.js";
import { sendLast } from "./last-response.js";

const NO_PROXY = new GatewayError(Status.UNIMPLEMENTED, "CONNECT is not supported: this server is not a proxy");

/** Marks servers whose requests are rejected. All copies of this package in a process share it. */
const REJECTS_CONNECT = Symbol.for("@etcd-gateway/runtime.rejectsConnect");

/**
 * Responds to `CONNECT` requests with 501 when the earlier requests of their connection have their responses, and closes
 * the connection. Node.js itself would close it at once. If the app has a listener for these requests, that one serves
 * them.
 */
export function rejectConnect(server: HttpServer | HttpsServer): void {
  if (REJECTS_CONNECT in server) return;
  Object.defineProperty(server, REJECTS_CONNECT, { value: true });
  server.on("connect", ({ socket }: IncomingMessage, _stream: Duplex, head: Buffer) => {
    if (server.listenerCount("connect") > 1) return;
    afterEarlierResponses(socket, head, () => {
      // Node.js no longer listens for errors of the connection, and no longer reads it.
      socket.on("error", () => socket.destroy()).resume();
      sendLast(socket, NO_PROXY);
    });
  });
}
