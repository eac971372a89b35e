import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { IncompleteRequest } from "../session/limit/incomplete-requests.js";

/** The length of a control frame of a client without its payload, in bytes. */
const CONTROL_HEAD = 6;

/**
 * Counts the bytes that ws holds of a message until all its frames have arrived. ws does not tell them, so this function
 * counts what arrives on the connection after each message.
 */
export function countIncompleteMessage(socket: WebSocket, stream: Duplex, request: IncompleteRequest): void {
  let bytes = 0;
  const hold = (held: number): void => {
    request.add(held - bytes);
    bytes = held;
  };
  const drop = (): void => hold(0);
  const onControl = ({ length }: Buffer): void => hold(Math.max(0, bytes - length - CONTROL_HEAD));
  // Before ws, which may complete a message with the same bytes.
  stream.prependListener("data", ({ length }: Buffer) => hold(bytes + length));
  socket.on("message", drop).on("ping", onControl).on("pong", onControl).on("close", drop);
}
