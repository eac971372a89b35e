import { AsyncResource } from "node:async_hooks";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { MOST_AHEAD } from "./earlier-responses.js";

/** How many requests of a connection may wait before the gateway stops reading it. */
const MOST_WAITING = 128;

/** The waiting requests of a connection. */
interface Waiting {
  count: number;
  /** How much had been read of the connection when its last request was served, or the first one began to wait. */
  readBefore: number;
  isHeld: boolean;
}

/** By connection. It has only connections on which requests wait or have waited. */
const waiting = new WeakMap<Socket, Waiting>();

/** How much had been read of a connection when its last request was served without waiting. */
const readAtLast = new WeakMap<Socket, number>();

/** The servers whose apps are served in turn. */
const serversInTurn = new WeakSet<object>();

/**
 * Whether a request must wait: for the responses to earlier requests of its connection, or for another turn of the event
 * loop, because an earlier request of the same chunk has been served in this one. Nobody else would be served before the
 * last request of the chunk.
 *
 * Node.js passes on pipelined requests all at once, but assigns the connection to one response at a time. A response
 * without it emits no event if its client disconnects, so nothing would end what is begun for it. If a request has a
 * body, Node.js may also send its response before it passes on the next request.
 */
export function mustWait(req: IncomingMessage, res: ServerResponse): boolean {
  return isQueued(res) || (!isOfServerInTurn(req) && isFollower(req));
}

function isQueued(res: ServerResponse): boolean {
  return res.socket === null && !res.headersSent && !res.destroyed;
}

/** Whether a request has had its turn before the app got it. Node.js has no public name for a connection's server. */
function isOfServerInTurn({ socket }: IncomingMessage): boolean {
  const server: unknown = Reflect.get(socket, "server");
  return typeof server === "object" && server !== null && serversInTurn.has(server);
}

/** Whether another request of the same chunk has been served without waiting. */
function isFollower({ socket }: IncomingMessage): boolean {
  const { bytesRead } = socket;
  if (readAtLast.get(socket) === bytesRead) return true;
  readAtLast.set(socket, bytesRead);
  return false;
}

/**
 * Serves a request that {@link mustWait} when its turn comes: in another turn of the event loop, when all earlier
 * requests have their responses. Never serves it if the client disconnects first. From its turn on, the response emits
 * `close` when it is over or its client has disconnected.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse, serve: () => void): void {
  const connection = req.socket;
  const queue = waiting.get(connection) ?? { count: 0, readBefore: 0, isHeld: false };
  waiting.set(connection, queue);
  if (queue.count === 0) queue.readBefore = connection.bytesRead;
  // The end of another request triggers this, with the async context of that request.
  const serveInContext = AsyncResource.bind(serve);
  const take = (): void => {
    queue.count--;
    // Before that, Node.js sends what the app may already have written.
    setImmediate(() => {
      if (!res.destroyed && !res.headersSent) serveInContext();
      queue.readBefore = connection.bytesRead;
      hold(connection, queue);
    });
  };
  queue.count++;
  hold(connection, queue);
  if (res.socket === null) res.once("socket", take);
  else take();
}

/**
 * Makes an app serve all requests of a server {@link inTurn}. The listener returns what the app returns, or its promise:
 * with `captureRejections` of `node:events`, Node.js responds to a request whose promise rejects.
 */
export function serveInTurn(server: Server, app: RequestListener): void {
  serversInTurn.add(server);
  server.on("request", function serveInTurn(this: unknown, req, res): unknown {
    const serve = (): unknown => Reflect.apply(app, this, [req, res]);
    if (!isQueued(res) && !isFollower(req)) return serve();
    return new Promise((resolve) => inTurn(req, res, () => resolve(serve())));
  });
}

/**
 * Pauses a connection while many of its requests wait, or long ones. Otherwise Node.js would keep reading, and keep all
 * that it has read in memory. It would also serve nobody else while more chunks have arrived, up to 2 MB.
 */
function hold(connection: Socket, queue: Waiting): void {
  const isLong = queue.count > 0 && connection.bytesRead - queue.readBefore > MOST_AHEAD;
  const isHeld = isLong || queue.count >= MOST_WAITING;
  if (isHeld === queue.isHeld) return;
  queue.isHeld = isHeld;
  if (isHeld) connection.pause().on("resume", pauseAgain);
  else connection.off("resume", pauseAgain).resume();
}

/**
 * Node.js resumes a connection at the end of each request that it has read, and when a body is read. The event comes a
 * tick later, and starts reading even if the connection has been paused again in between. `pause` then does nothing, but
 * Node.js stops reading at the event `pause`.
 */
function pauseAgain(this: Socket): void {
  if (this.isPaused()) this.emit("pause");
  else this.pause();
}
