import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long a connection is idle before TCP keep-alive checks that its client is there, in milliseconds. As in etcd. */
export const KEEP_ALIVE = 30_000;

/** How often to look for connections that are not being read, in milliseconds. */
const SWEEP = 1_000;

/** A request whose response may take for ever. */
interface LongRequest {
  readonly req: IncomingMessage;
  /** Whether its connection was not being read at the last check. */
  wasPaused: boolean;
}

const under = new Set<LongRequest>();
let sweep: NodeJS.Timeout | undefined;

/**
 * Protects the connection of a request whose response may take for ever, until the response is over:
 *
 * - TCP keep-alive checks that the client is there, because a client that vanishes sends nothing.
 * - Node.js's `requestTimeout`, which runs until the end of the request body, does not end a stream of requests. It
 *   still applies to the app's other requests.
 * - If the client sends more data after the request than Node.js keeps, Node.js stops reading the connection, and
 *   nothing would notice that the client disconnects. Such a connection is closed within two seconds.
 */
export function keepConnection(req: IncomingMessage, res: ServerResponse): void {
  const connection = req.socket;
  const request: LongRequest = { req, wasPaused: false };
  let endExemption: (() => void) | undefined;
  res.on("close", () => {
    endExemption?.();
    under.delete(request);
    if (under.size > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  });
  connection.setKeepAlive(true, KEEP_ALIVE);
  if (!req.complete) endExemption = exemptFromRequestTimeout(connection);
  under.add(request);
  sweep ??= setInterval(cutUnread, SWEEP).unref();
}

function cutUnread(): void {
  for (const request of under) {
    const { socket, complete } = request.req;
    // The connection of a request stream is also paused while the server does not accept messages.
    const isPaused = complete && socket.isPaused();
    if (isPaused && request.wasPaused) socket.destroy();
    request.wasPaused = isPaused;
  }
}

/**
 * Exempts a connection from Node.js's `requestTimeout`. Node.js reports the timeout to the connection's server by the
 * event `clientError`, and closes the connection unless there is a listener. So the connection gets a server object
 * that swallows this one event.
 *
 * @returns a function that ends the exemption, or `undefined` if the connection has no server
 */
function exemptFromRequestTimeout(connection: Socket): (() => void) | undefined {
  const server: unknown = Reflect.get(connection, "server");
  if (!(server instanceof EventEmitter)) return undefined;
  const emit = (event: string, ...args: unknown[]): boolean =>
    (event === "clientError" && isRequestTimeout(args[0])) || server.emit(event, ...args);
  Reflect.set(connection, "server", Object.create(server, { emit: { value: emit } }));
  return () => Reflect.set(connection, "server", server);
}

function isRequestTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_HTTP_REQUEST_TIMEOUT";
}
