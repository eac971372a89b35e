import { GatewayError, internalError } from "../../errors/gateway-error.js";

/**
 * Returns the error to send when an interceptor throws: its own `GatewayError`, or `INTERNAL` without details. Errors
 * of other libraries are not inspected, even if they have a code: a database's error text, for example, is not for
 * clients.
 */
export function interceptorError(thrown: unknown): GatewayError {
  const error = GatewayError.from(thrown);
  return error === thrown ? error : internalError(error.cause);
}
