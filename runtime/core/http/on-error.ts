import type { IncomingMessage } from "node:http";
import { onRejection } from "../call/app-result.js";
import type { GatewayError } from "../errors/gateway-error.js";
import { warnOf } from "../errors/gateway-warning.js";

/** The app's function of the option `onError`. */
export type OnError = (error: GatewayError, req: IncomingMessage) => void;

/**
 * Wraps an app's `onError` so that it cannot affect the request: if it throws, or rejects because it is async, the
 * process emits a warning.
 */
export function containedOnError(onError: OnError): OnError {
  const warn = (thrown: unknown): void => warnOf("onError failed", thrown);
  return (error, req) => {
    try {
      // An async function is assignable to one that returns nothing.
      const result: unknown = onError(error, req);
      onRejection(result, warn);
    } catch (thrown) {
      warn(thrown);
    }
  };
}
