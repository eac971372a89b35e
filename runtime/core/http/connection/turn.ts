import { AsyncResource } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
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

/**
 * Whether a response waits for the responses to earlier requests of its connection. Node.js passes on pipelined
 * requests all at once, but assigns the connection to one response at a time. A waiting response emits no event if its
 * client disconnects, so nothing would end what is begun for it.
 */
export function isQueued(res: ServerResponse): boolean {
  return res.socket === null && !res.headersSent && !res.destroyed;
}

/**
 * Serves a request whose response {@link isQueued} when its turn comes: when all earlier requests have their responses.
 * Never serves it if the client disconnects first. From its turn on, the response emits `close` when it is over or its
 * client has disconnected.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse, serve: () => void): void {
  const connection = req.socket;
  const queue = waiting.get(connection) ?? { count: 0, readBefore: 0, isHeld: false };
  waiting.set(connection, queue);
  if (queue.count === 0) queue.readBefore = connection.bytesRead;
  // The end of another request triggers this, with the async context of that request.
  const serveInContext = AsyncResource.bind(serve);
  res.once("socket", () => {
    queue.count--;
    // Node.js first sends what the app may already have written.
    process.nextTick(() => {
      if (!res.destroyed && !res.headersSent) serveInContext();
      queue.readBefore = connection.bytesRead;
      hold(connection, queue);
    });
  });
  queue.count++;
  hold(connection, queue);
}

/**
 * Pauses a connection while many of its requests wait, or long ones. Otherwise Node.js would keep reading, and keep all
 * that it has read in memory.
 */
function hold(connection: Socket, queue: Waiting): void {
  const isLong = queue.count > 0 && connection.bytesRead - queue.readBefore > MOST_AHEAD;
  if (queue.count < MOST_WAITING && !isLong) {
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
