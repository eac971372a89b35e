import { GatewayError, type GatewayErrorOptions } from "./gateway-error.js";
import { Status } from "./status.js";

/** The error if the connection to a server breaks during a call. It is not known what the server has done. */
export class ConnectionBroken extends GatewayError {
  constructor(options: GatewayErrorOptions = {}) {
    super(Status.UNAVAILABLE, "the connection to the server broke", options);
  }
}
