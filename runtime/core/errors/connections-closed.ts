import { GatewayError } from "./gateway-error.js";
import { Status } from "./status.js";

/** Returns the error of a call that ends because the gateway closes its connections, or that begins afterwards. */
export function connectionsClosed(): GatewayError {
  return new GatewayError(Status.UNAVAILABLE, "the gateway has closed its connections");
}
