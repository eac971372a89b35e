import { GatewayError } from "./gateway-error.js";
import { Status, type StatusCode } from "./status.js";

/** What an overload tells clients: to wait a second before they try again. */
const RETRY_LATER = { "Retry-After": "1" };

/** The error if the gateway itself rejects a call, because no place is free or because it closes. */
export class Rejection extends GatewayError {
  readonly reason: "overload" | "closing";

  constructor(reason: "overload" | "closing", message: string, code: StatusCode = Status.UNAVAILABLE) {
    super(code, message, reason === "overload" ? { headers: RETRY_LATER } : {});
    this.reason = reason;
  }
}

/** Returns the error of calls that end because the gateway closes. */
export function shuttingDown(): Rejection {
  return new Rejection("closing", "the gateway is shutting down");
}
