import { GatewayError } from "./gateway-error.js";
import { Status } from "./status.js";

/** The text for a deadline that has passed, as servers and gateways written in Go use it. */
export const DEADLINE_EXCEEDED_TEXT = "context deadline exceeded";

/** Returns the error of a call whose deadline has passed. */
export function deadlineExceeded(cause?: unknown): GatewayError {
  return new GatewayError(Status.DEADLINE_EXCEEDED, DEADLINE_EXCEEDED_TEXT, { cause });
}

/** Returns the error of a call that has been canceled, with the text that Go uses. */
export function callCanceled(): GatewayError {
  return new GatewayError(Status.CANCELLED, "context canceled");
}
