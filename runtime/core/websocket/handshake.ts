import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** A request to speak WebSocket, on its way to a route. */
export interface Handshake {
  /** The connection. */
  readonly stream: Socket;
  /** What the client has sent behind the request. */
  readonly head: Buffer;
  /** How often the socket is to be pinged, in milliseconds; 0 for never. */
  readonly pingInterval: number;
}

const handshakes = new WeakMap<IncomingMessage, Handshake>();

/** Marks a request as a handshake. */
export function beginHandshake(req: IncomingMessage, handshake: Handshake): void {
  handshakes.set(req, handshake);
}

/** What a request is if it is a handshake; its response is for errors. */
export function handshakeOf(req: IncomingMessage): Handshake | undefined {
  return handshakes.get(req);
}
