import type { ServerResponse } from "node:http";
import { forgetPromise } from "../../call/app-result.js";
import { warnOf } from "../../errors/gateway-warning.js";

/**
 * Cuts off a response. At this point, an incomplete body is the only way to report an error to the client. Never
 * throws.
 */
export function cutResponse(res: ServerResponse): void {
  const { socket } = res;
  try {
    forgetPromise(res.destroy());
  } catch {
    // The app may have replaced the function. The connection is destroyed anyway.
  }
  socket?.destroy();
}

/**
 * Cuts off a response that could not be written because code of the app threw: a hook that runs with the head, or a
 * replacement for `write` or `end`. Only this response is affected, and the process emits a warning. Never throws.
 */
export function failResponse(res: ServerResponse, thrown: unknown): void {
  warnOf("a response could not be written", thrown);
  cutResponse(res);
}
