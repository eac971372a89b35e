import { GatewayError, type GatewayErrorOptions } from "./gateway-error.js";
import { Status } from "./status.js";

/** The error if the gateway itself does not accept a call, because no place is free or because it closes. */
export class TurnedAway extends GatewayError {
  readonly reason: "overload" | "closing";

  constructor(reason: "overload" | "closing", message: string, options: GatewayErrorOptions = {}) {
    super(Status.UNAVAILABLE, message, options);
    this.reason = reason;
  }
}
