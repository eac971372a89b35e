import type { Socket } from "node:net";

/**
 * Resets a connection (RST). A connection that is already ending is only closed, because Node's `resetAndDestroy`
 * closes nothing then, and the process would use the CPU forever at its exit.
 *
 * @see https://github.com/libp2p/js-libp2p/pull/3597
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
