import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** A WebSocket handshake on its way to a route. */
export interface Handshake {
  readonly stream: Socket;
  /** The data that the client has sent after the request. */
  readonly head: Buffer;
  /** How often to ping the socket, in milliseconds. 0 for never. */
  readonly pingInterval: number;
}

const handshakes = new WeakMap<IncomingMessage, Handshake>();

/** Marks a request as a handshake. */
export function beginHandshake(req: IncomingMessage, handshake: Handshake): void {
  handshakes.set(req, handshake);
}

/**
 * Returns the handshake if a request is one, and `undefined` otherwise. The response of such a request is only for
 * errors.
 */
export function handshakeOf(req: IncomingMessage): Handshake | undefined {
  return handshakes.get(req);
}
