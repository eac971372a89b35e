import { IncomingMessage, type ServerResponse } from "node:http";
import { onRejection } from "../call/app-result.js";
import { failResponse } from "./response/failed-response.js";

/** The functions of a request that apps may replace, and that the gateway or Node.js calls. */
const FUNCTIONS = ["on", "once", "off", "removeListener", "pause", "resume"] as const;

const ORIGINAL = IncomingMessage.prototype;

/**
 * Protects the process from what an app puts into a request. If a replaced function throws, or returns a promise that
 * rejects, the response is cut off. Whatever it returns, calls can be chained.
 */
export function containRequestErrors(req: IncomingMessage, res: ServerResponse): void {
  // Each name is written out, because this happens for every request and is several times as fast.
  if (
    req.on === ORIGINAL.on &&
    req.once === ORIGINAL.once &&
    req.off === ORIGINAL.off &&
    req.removeListener === ORIGINAL.removeListener &&
    req.pause === ORIGINAL.pause &&
    req.resume === ORIGINAL.resume
  ) {
    return;
  }
  for (const name of FUNCTIONS) if (req[name] !== ORIGINAL[name]) wrapFunction(req, res, name);
}

function wrapFunction(req: IncomingMessage, res: ServerResponse, name: (typeof FUNCTIONS)[number]): void {
  const original: unknown = req[name];
  if (typeof original !== "function") return;
  Reflect.set(req, name, function (this: unknown, ...args: unknown[]): unknown {
    try {
      const returned: unknown = Reflect.apply(original, this, args);
      onRejection(returned, (thrown) => failResponse(res, thrown));
    } catch (thrown) {
      failResponse(res, thrown);
    }
    return this;
  });
}
