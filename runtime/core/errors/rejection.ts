import { GatewayError, type GatewayErrorOptions } from "./gateway-error.js";
import { Status, type StatusCode } from "./status.js";

/** The error if the gateway itself rejects a call, because no place is free or because it closes. */
export class Rejection extends GatewayError {
  readonly reason: "overload" | "closing";

  /** @param options the status code is `UNAVAILABLE` unless they have another one */
  constructor(
    reason: "overload" | "closing",
    message: string,
    { code = Status.UNAVAILABLE, ...options }: GatewayErrorOptions & { readonly code?: StatusCode } = {},
  ) {
    super(code, message, options);
    this.reason = reason;
  }
}
