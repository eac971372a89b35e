import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/**
 * What is answered when an interceptor throws: its own `GatewayError`, or one that tells clients nothing. Errors of other
 * libraries are not looked into: what a database says is not for clients, even if it has a code.
 */
export function interceptorError(thrown: unknown): GatewayError {
  return thrown instanceof GatewayError
    ? thrown
    : new GatewayError(Status.INTERNAL, "internal error", { cause: thrown });
}
