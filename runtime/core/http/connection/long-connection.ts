import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long a connection is quiet before the system asks whether its client is there, in milliseconds: as in etcd. */
export const KEEP_ALIVE = 30_000;

/** How often connections are looked at that are not read, in milliseconds. */
const SWEEP = 1_000;

/** A request whose answer may take for ever. */
interface LongRequest {
  readonly req: IncomingMessage;
  /** Whether its connection was not read when it was looked at last. */
  wasPaused: boolean;
}

const under = new Set<LongRequest>();
let sweep: NodeJS.Timeout | undefined;

/**
 * Keeps a connection for a request whose answer may take for ever, until its response is over:
 *
 * * The system asks now and then whether the client is there; clients that vanish say nothing.
 * * Node.js's `requestTimeout`, which counts until the end of the request body, does not end a stream of requests. It
 *   holds for the app's other requests as before.
 * * If the client sends more behind the request than Node.js keeps, so that the connection is no longer read and nobody
 *   would notice that the client leaves, the connection is cut within two seconds.
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
    // A stream of requests is not read while the server takes none.
    const isPaused = complete && socket.isPaused();
    if (isPaused && request.wasPaused) socket.destroy();
    request.wasPaused = isPaused;
  }
}

/**
 * Has Node.js pass over the `requestTimeout` of a connection. It tells the connection's server of it by the event
 * `clientError`, and cuts the connection unless somebody listens; so the connection is given a server that swallows this
 * one event.
 *
 * @returns what takes the exemption back
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
