import type { ServerResponse } from "node:http";

/**
 * Disconnects the client of a response if it reads nothing of the response for a while. Node.js also looks at how much
 * the operating system has accepted, so a client that reads slowly is not disconnected.
 *
 * @param timeout in milliseconds; 0 for no limit
 */
export function disconnectIfStalled(res: ServerResponse, timeout: number): void {
  if (timeout === 0) return;
  // The response has been written, and follows no other one that the client has not received.
  res.once("prefinish", () => res.setTimeout(timeout));
  // Before the listener of Node.js, which sets the timeout between two requests.
  res.prependOnceListener("finish", () => res.setTimeout(0));
}
