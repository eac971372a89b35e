import type { StatusObject } from "@grpc/grpc-js";
import { ConnectionBroken } from "../connection-broken.js";
import { GatewayError } from "../gateway-error.js";
import { isStatusCode, Status } from "../status.js";
import { readStatusDetails } from "./status-details.js";

/*
 * grpc-js reports a status that it made itself, because the connection broke, say, in the same form as one that the
 * server sent. They are told apart by what came with it: a server that answers sends headers, if only with its status.
 */

/** Whether a server sent a status. One that comes after response headers may have nothing with it, either way. */
function isFromServer(status: StatusObject): boolean {
  return Object.keys(status.metadata.toJSON()).length > 0;
}

/** grpc-js's own words for a call that broke off, some followed by texts of the operating system or of OpenSSL. */
const BROKEN =
  /^(?:Connection dropped$|Call cancelled$|Write error: |Write failed with error |(?:read|write) E[A-Z]+$|Received RST_STREAM with code \d+ triggered by internal client error: )/;
const REFUSED = "Stream refused by server";
const NOT_STARTED = "Failed to start HTTP/2 stream";
const DEADLINE = "Deadline exceeded after ";

/** What befell a call that failed without the server's doing. */
export type Failure =
  /** Nothing left this process. */
  | "not sent"
  /** The server says, on the level of HTTP/2, that it has done nothing with the call. */
  | "refused"
  /** The connection broke; what the server has done is not known. */
  | "broken"
  /** Something that sending again would not help. */
  | "final";

/**
 * Judges the status of a call that ended without response headers.
 *
 * @param opened whether an HTTP/2 stream was opened for the call
 */
export function failureOf(status: StatusObject, opened: boolean): Failure {
  if (isFromServer(status)) return "final";
  if (!opened && (status.code === Status.UNAVAILABLE || status.details.startsWith(NOT_STARTED))) return "not sent";
  if (status.details === REFUSED) return "refused";
  if (status.code === Status.UNAVAILABLE || BROKEN.test(status.details)) return "broken";
  return "final";
}

/** Makes an error of a call's status other than OK. A server's text stays as it is; others reveal nothing of the network. */
export function errorOf(status: StatusObject, answered: boolean): GatewayError {
  return localError(status, answered) ?? serverError(status);
}

function localError(status: StatusObject, answered: boolean): GatewayError | undefined {
  if (isFromServer(status)) return undefined;
  const cause = (): Error => new Error(`grpc status ${status.code}: ${status.details}`);
  if (status.details === REFUSED) {
    return new GatewayError(Status.UNAVAILABLE, "the server refused the call", { cause: cause() });
  }
  if (BROKEN.test(status.details) || (status.code === Status.UNAVAILABLE && !answered)) {
    return new ConnectionBroken({ cause: cause() });
  }
  if (status.code === Status.DEADLINE_EXCEEDED && status.details.startsWith(DEADLINE)) return deadlineExceeded(cause());
  // A message that grpc-js cannot decompress ends the call with no status at all.
  if (status.code === undefined) {
    return new GatewayError(Status.INTERNAL, "the response could not be decompressed", { cause: cause() });
  }
  return undefined;
}

function serverError(status: StatusObject): GatewayError {
  const code = isStatusCode(status.code) && status.code !== Status.OK ? status.code : Status.UNKNOWN;
  const trailer = status.metadata.get("grpc-status-details-bin")[0];
  return new GatewayError(
    code,
    status.details,
    typeof trailer === "object" ? { details: readStatusDetails(trailer) } : {},
  );
}

/** By how much a server's clock may run ahead of the deadline, in milliseconds. */
const EARLY = 100;

/**
 * Whether a status is a server's word for the deadline that its client set: of the two clocks that race for it, the
 * server's won, and the handler of a server written in Go returned the error of its context as it is.
 */
export function isTimeout({ code, details }: StatusObject, deadline: number | undefined): boolean {
  if (code !== Status.UNKNOWN || details !== "context deadline exceeded") return false;
  return deadline !== undefined && Date.now() >= deadline - EARLY;
}

/** The error of a call that took too long, worded as every gRPC gateway written in Go words it. */
export function deadlineExceeded(cause?: unknown): GatewayError {
  return new GatewayError(Status.DEADLINE_EXCEEDED, "context deadline exceeded", { cause });
}
