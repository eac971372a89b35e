import { ConnectionBroken } from "../../errors/connection-broken.js";
import { GatewayError } from "../../errors/gateway-error.js";
import { isStatusCode, Status } from "../../errors/status.js";
import { readStatusDetails } from "../status-details.js";

/**
 * The error of a status that a server sent; a code outside the standard is `UNKNOWN`.
 *
 * @param details the value of `grpc-status-details-bin`, if there was one
 */
export function serverError(code: number, message: string, details: Uint8Array | undefined): GatewayError {
  const known = isStatusCode(code) && code !== Status.OK ? code : Status.UNKNOWN;
  return new GatewayError(known, message, details === undefined ? {} : { details: readStatusDetails(details) });
}

/** By how much a server's clock may run ahead of the deadline, in milliseconds. */
const EARLY = 100;

/**
 * Whether an error is a server's word for the deadline that its client set: of the two clocks that race for it, the
 * server's won, and the handler of a server written in Go returned the error of its context as it is.
 */
export function isTimeout({ code, message }: GatewayError, deadline: number | undefined): boolean {
  if (code !== Status.UNKNOWN || message !== "context deadline exceeded") return false;
  return deadline !== undefined && Date.now() >= deadline - EARLY;
}

/** The error of a call that took too long, worded as every gRPC gateway written in Go words it. */
export function deadlineExceeded(cause?: unknown): GatewayError {
  return new GatewayError(Status.DEADLINE_EXCEEDED, "context deadline exceeded", { cause });
}

/** The error of a call that the server refused unseen. */
export function refused(cause: unknown): GatewayError {
  return new GatewayError(Status.UNAVAILABLE, "the server refused the call", { cause });
}

/** The error of a call whose connection broke. */
export function broken(cause: unknown): GatewayError {
  return new ConnectionBroken({ cause });
}
