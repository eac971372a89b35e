import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { GatewayError } from "../errors/gateway-error.js";
import {
  type IncompleteRequest,
  type IncompleteRequests,
  SMALL_REQUEST,
} from "../session/limit/incomplete-requests.js";

/** The length of a control frame of a client without its payload, in bytes. */
const CONTROL_HEAD = 6;

/**
 * Counts the bytes that ws holds of a message until all its frames have arrived. ws does not tell them, so this function
 * counts what arrives on the connection after each message.
 *
 * @param reject called if `requests` have too many bytes
 */
export function countIncompleteMessage(
  socket: WebSocket,
  stream: Duplex,
  requests: IncompleteRequests,
  reject: (reason: GatewayError) => void,
): void {
  let bytes = 0;
  let counted: IncompleteRequest | undefined;
  const uncount = (): void => {
    bytes = 0;
    counted?.end();
    counted = undefined;
  };
  const onControl = ({ length }: Buffer): void => {
    bytes = Math.max(0, bytes - length - CONTROL_HEAD);
  };
  // Before ws, which may complete a message with the same bytes.
  stream.prependListener("data", ({ length }: Buffer) => {
    bytes += length;
    if (bytes <= SMALL_REQUEST) return;
    counted ??= requests.begin(reject);
    counted.holds(bytes);
  });
  socket.on("message", uncount).on("ping", onControl).on("pong", onControl).on("close", uncount);
}
