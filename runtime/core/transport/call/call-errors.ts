import { ConnectionBroken } from "../../errors/connection-broken.js";
import { DEADLINE_EXCEEDED_TEXT } from "../../errors/context-errors.js";
import { GatewayError } from "../../errors/gateway-error.js";
import { isStatusCode, Status } from "../../errors/status.js";
import { hasServerDeadlineExpired } from "../../timers/server-deadline.js";
import { readStatusDetails } from "../status-details.js";

/**
 * Returns the error for a status that a server sent. A code that gRPC does not define becomes `UNKNOWN`.
 *
 * @param code the code, `NaN` if it is not a number
 * @param details the value of `grpc-status-details-bin`, if present
 */
export function serverError(code: number, message: string, details: Uint8Array | undefined): GatewayError {
  const options = details === undefined ? {} : { details: readStatusDetails(details) };
  if (isStatusCode(code) && code !== Status.OK) return new GatewayError(code, message, options);
  return new GatewayError(Status.UNKNOWN, message || "the server sent no valid grpc-status", options);
}

/**
 * Whether an error from a server means that the client's deadline has passed. This occurs if the server's timer expires
 * before ours: the handler of a server written in Go then returns the error of its context unchanged.
 */
export function isTimeout({ code, message }: GatewayError, deadline: number | undefined): boolean {
  return code === Status.UNKNOWN && message === DEADLINE_EXCEEDED_TEXT && hasServerDeadlineExpired(deadline);
}

/** Returns the error of a call that the server refused without processing it. */
export function refused(cause: unknown): GatewayError {
  return new GatewayError(Status.UNAVAILABLE, "the server refused the call", { cause });
}

/** Returns the error of a call whose connection broke. */
export function broken(cause: unknown): GatewayError {
  return new ConnectionBroken({ cause });
}
