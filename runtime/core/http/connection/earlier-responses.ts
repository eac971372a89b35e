import { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How much to read ahead of a request that has to wait, in bytes. The last chunk may exceed it. */
export const MOST_AHEAD: number = 64 * 1024;

/**
 * Returns the response in progress on a connection, or `undefined` if there is none. Node.js has no public name for it.
 */
export function currentResponse(connection: object): ServerResponse | undefined {
  const response: unknown = Reflect.get(connection, "_httpMessage");
  return response instanceof ServerResponse ? response : undefined;
}

/**
 * Calls `next` when no response is in progress on a connection, which may be at once. Never calls it if the connection
 * closes first.
 */
export function afterResponses(connection: Socket, next: () => void): void {
  const response = currentResponse(connection);
  if (response === undefined) next();
  else response.once("close", () => connection.destroyed || afterResponses(connection, next));
}

/**
 * Does the same for a connection that Node.js has detached from its HTTP parser because of an upgrade. Earlier
 * pipelined requests may still be in progress, and Node.js continues to send their responses.
 *
 * Meanwhile this function reads the connection, to notice when the client disconnects, and keeps the data up to a
 * limit.
 *
 * @param head the data that the client sent after the request
 * @param next receives all data that the client has sent so far. The connection is paused if it had to wait
 */
export function afterEarlierResponses(connection: Socket, head: Buffer, next: (head: Buffer) => void): void {
  if (currentResponse(connection) === undefined) {
    next(head);
    return;
  }
  const chunks = [head];
  let length = head.length;
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_AHEAD) connection.pause();
  };
  const cut = (): void => void connection.destroy();
  // Node.js does this only for connections with a parser.
  const drain = (): void => {
    const response = currentResponse(connection);
    if (response?.writableNeedDrain === true) response.emit("drain");
  };
  connection.on("data", keep).on("end", cut).on("error", cut).on("drain", drain);
  // Starts reading again if Node.js had stopped. The parser, which would have done so, is gone.
  connection.push("");
  afterResponses(connection, () => {
    connection.off("data", keep).off("end", cut).off("error", cut).off("drain", drain).pause();
    if (!connection.writable) return;
    // Removes the timeout that Node.js sets between two requests.
    connection.setTimeout(0);
    next(Buffer.concat(chunks));
  });
}
