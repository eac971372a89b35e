import { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How much is read behind a request that cannot be served yet, in bytes; it may be a piece more. */
const MOST_AHEAD = 64 * 1024;

/** The response that a connection is at; `undefined`: none. Node.js has no public name for it. */
export function currentResponse(connection: object): ServerResponse | undefined {
  const response: unknown = Reflect.get(connection, "_httpMessage");
  return response instanceof ServerResponse ? response : undefined;
}

/** Waits until a connection is at no response; not at all if it is at none. If it is closed before, `next` never follows. */
export function afterResponses(connection: Socket, next: () => void): void {
  const response = currentResponse(connection);
  if (response === undefined) next();
  else response.once("close", () => connection.destroyed || afterResponses(connection, next));
}

/**
 * The same for a connection that Node.js has taken from its HTTP parser: earlier requests, which Node.js goes on
 * answering, may have been pipelined in front of the one that it was taken for.
 *
 * Meanwhile it is read, so that a client that leaves is noticed. What comes is kept, up to a limit.
 *
 * @param head what the client has sent behind the request
 * @param next takes all that it has sent until then; the connection is paused if it had to wait
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
  // Node.js no longer does for the connection what it does for those with a parser.
  const drain = (): void => {
    const response = currentResponse(connection);
    if (response?.writableNeedDrain === true) response.emit("drain");
  };
  connection.on("data", keep).on("end", cut).on("error", cut).on("drain", drain);
  // It begins to read again, if Node.js had stopped: with its parser went what would have told the system.
  connection.push("");
  afterResponses(connection, () => {
    connection.off("data", keep).off("end", cut).off("error", cut).off("drain", drain).pause();
    if (!connection.writable) return;
    // The time that Node.js gives a connection between two requests.
    connection.setTimeout(0);
    next(Buffer.concat(chunks));
  });
}
