import { GatewayError, type GatewayErrorOptions } from "./gateway-error.js";
import { Status } from "./status.js";

/** The gateway itself takes no more calls: for lack of a place, or because it closes. */
export class TurnedAway extends GatewayError {
  readonly reason: "overload" | "closing";

  constructor(reason: "overload" | "closing", message: string, options: GatewayErrorOptions = {}) {
    super(Status.UNAVAILABLE, message, options);
    this.reason = reason;
  }
}
