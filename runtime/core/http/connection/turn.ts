import { AsyncResource } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How many requests of a connection wait before no more are read of it. */
const MOST_WAITING = 128;

/** The requests of a connection that wait. */
interface Waiting {
  count: number;
  isHeld: boolean;
}

/** By connection; only those on which some wait, or did. */
const waiting = new WeakMap<Socket, Waiting>();

/**
 * Whether a response waits for those to earlier requests of its connection. Node.js hands over pipelined requests all at
 * once, but gives the connection to one response after the other. Until then a response is never told that its client has
 * gone, so what is begun for it would have no end.
 */
export function isQueued(res: ServerResponse): boolean {
  return res.socket === null && !res.headersSent && !res.destroyed;
}

/**
 * Serves a request whose response {@link isQueued} when its turn comes: when all earlier ones are answered. If the client
 * goes before, it is never served. From its turn on a response emits `close` when it is over, or its client gone.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse, serve: () => void): void {
  const connection = req.socket;
  const queue = waiting.get(connection) ?? { count: 0, isHeld: false };
  waiting.set(connection, queue);
  // It is told of its turn by the end of another request, whose context is not its own.
  const serveInContext = AsyncResource.bind(serve);
  res.once("socket", () => {
    queue.count--;
    // Node.js is about to send what the app may have written already.
    process.nextTick(() => {
      if (!res.destroyed && !res.headersSent) serveInContext();
      hold(connection, queue);
    });
  });
  queue.count++;
  hold(connection, queue);
}

/** Reads no more of a connection while many of its requests wait: Node.js itself reads on, and keeps all that it has read. */
function hold(connection: Socket, queue: Waiting): void {
  if (queue.count < MOST_WAITING) {
    if (queue.isHeld) connection.resume();
    queue.isHeld = false;
    return;
  }
  queue.isHeld = true;
  // Not at once: Node.js resumes a connection at the end of each request that it has read, and when a body is read.
  setImmediate(() => {
    if (queue.isHeld) connection.pause();
  });
}
