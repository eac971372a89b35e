import type { IncomingMessage, ServerResponse } from "node:http";
import { failResponse } from "./failed-response.js";

/** How long a client may go on with an upload that has been answered, in milliseconds. */
const LINGER = 1000;

/**
 * Ends a response that may come before the end of its request. What still comes is thrown away; if the upload does not
 * end soon, the connection is closed. Never throws.
 */
export function endResponse(req: IncomingMessage, res: ServerResponse): void {
  end(res);
  if (!req.complete) afterUpload(req, () => req.complete || req.socket.destroy());
}

/**
 * Ends a response that has `Connection: close` and is complete but for its end. Node closes the connection at the end,
 * and closing it while the client still sends resets it, and with it the response, perhaps unread (RFC 9112, 9.6): so
 * what still comes is thrown away for a while before.
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
