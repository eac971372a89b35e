import type { IncomingMessage } from "node:http";
import { isThenable } from "../call/app-result.js";
import type { GatewayError } from "../errors/gateway-error.js";
import { warnOf } from "../errors/gateway-warning.js";

/** Hears of errors. */
export type ErrorObserver = (error: GatewayError, req: IncomingMessage) => void;

/**
 * Lets an app observe errors without a share in what becomes of them: what its function throws, or rejects with if it is
 * async, is a warning of the process, and the request is answered all the same.
 */
export function detached(observer: ErrorObserver): ErrorObserver {
  const warn = (thrown: unknown): void => warnOf("onError failed", thrown);
  return (error, req) => {
    try {
      // An async function is assignable to one that returns nothing.
      const result: unknown = observer(error, req);
      if (isThenable(result)) Promise.resolve(result).catch(warn);
    } catch (thrown) {
      warn(thrown);
    }
  };
}
