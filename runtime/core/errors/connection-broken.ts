import { GatewayError, type GatewayErrorOptions } from "./gateway-error.js";
import { Status } from "./status.js";

/** The connection to a server broke while a call was on it; what the server has done is not known. */
export class ConnectionBroken extends GatewayError {
  constructor(options: GatewayErrorOptions = {}) {
    super(Status.UNAVAILABLE, "the connection to the server broke", options);
  }
}
