import type { Socket } from "node:net";

/**
 * Resets a connection (RST). One whose end is under way is only closed: for such a one Node's `resetAndDestroy` closes
 * nothing, and the process then spins for ever at its exit.
 *
 * @see https://github.com/libp2p/js-libp2p/pull/3597
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
