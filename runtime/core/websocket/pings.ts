import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";

/**
 * Pings a socket, so that nothing in between takes it for idle, and cuts it off if its peer does not answer: it may be
 * gone without a word. A peer that reads what was written, however slowly, has answered.
 *
 * @param interval milliseconds; 0 for no pings
 */
export function ping(socket: WebSocket, stream: Duplex, interval: number): void {
  if (interval === 0) return;
  let isAlive = true;
  const alive = (): void => {
    isAlive = true;
  };
  const timer = setInterval(() => {
    // The answers of a peer that is not read are not heard.
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
