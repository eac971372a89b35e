import type { IncomingMessage, ServerResponse } from "node:http";
import { failResponse } from "./failed-response.js";

/** How long to wait for the end of an upload when its response is ready, in milliseconds. */
const LINGER = 1000;

/**
 * Ends a response, perhaps before the end of its request. Discards the rest of the request. If the upload does not end
 * soon, closes the connection. Never throws.
 */
export function endResponse(req: IncomingMessage, res: ServerResponse): void {
  end(res);
  if (!req.complete) afterUpload(req, () => req.complete || req.socket.destroy());
}

/**
 * Ends a response that has `Connection: close` and is complete except for its end. At the end, Node.js closes the
 * connection. If the client is still sending, that resets the connection, and the client may lose the response (RFC
 * 9112, 9.6). So this function first discards incoming data for a while.
 */
export function endAndClose(req: IncomingMessage, res: ServerResponse): void {
  afterUpload(req, () => end(res));
}

function end(res: ServerResponse): void {
  try {
    res.end();
  } catch (error) {
    failResponse(res, error);
  }
}

function afterUpload(req: IncomingMessage, action: () => void): void {
  const act = (): void => {
    clearTimeout(timer);
    req.off("end", act).off("close", act);
    action();
  };
  const timer = setTimeout(act, LINGER);
  req.on("end", act).on("close", act).resume();
}
