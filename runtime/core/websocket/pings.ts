import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";

/**
 * Pings a socket, so that no proxy considers it idle, and terminates it if the peer does not respond: the peer may have
 * vanished. A peer that reads what was written, however slowly, counts as responding.
 *
 * @param interval in milliseconds; 0 for no pings
 */
export function ping(socket: WebSocket, stream: Duplex, interval: number): void {
  if (interval === 0) return;
  let isAlive = true;
  const alive = (): void => {
    isAlive = true;
  };
  const timer = setInterval(() => {
    // While the socket is paused, the gateway does not read the peer's pongs.
    if (!isAlive && !socket.isPaused) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, interval).unref();
  socket.on("pong", alive).on("message", alive);
  stream.on("drain", alive);
  socket.on("close", () => clearInterval(timer));
}
