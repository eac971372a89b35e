import type { ServerResponse } from "node:http";
import { warnOf } from "../../errors/gateway-warning.js";

/** Cuts a response off: that its body does not end is all that can tell its client of an error now. Never throws. */
export function cutResponse(res: ServerResponse): void {
  const { socket } = res;
  try {
    res.destroy();
  } catch {
    // What an app has put in its place; the connection goes all the same.
  }
  socket?.destroy();
}

/**
 * Cuts off a response that could not be written, as something that an app has put into it has thrown: a hook of its head,
 * or a `write` or `end` in place of Node's. It costs this response, and is a warning of the process. Never throws.
 */
export function failResponse(res: ServerResponse, thrown: unknown): void {
  warnOf("a response could not be written", thrown);
  cutResponse(res);
}
