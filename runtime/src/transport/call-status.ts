import type { StatusObject } from "@grpc/grpc-js";
import { GatewayError } from "../gateway-error.js";
import { isStatusCode, Status, type StatusCode } from "../status.js";
import { readStatusDetails } from "./status-details.js";

/*
 * grpc-js reports a status that it made itself, because the connection broke, say, in the same form as one that the
 * server sent. They are told apart by what came with it: a server that answers sends headers, if only with its status.
 */

/**
 * Whether a server had a part in a status.
 *
 * @param answered whether response headers came before it
 */
export function isFromServer(status: StatusObject, answered: boolean): boolean {
  return answered || Object.keys(status.metadata.toJSON()).length > 0;
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
  if (isFromServer(status, false)) return "final";
  if (!opened && (status.code === Status.UNAVAILABLE || status.details.startsWith(NOT_STARTED))) return "not sent";
  if (status.details === REFUSED) return "refused";
  if (status.code === Status.UNAVAILABLE || BROKEN.test(status.details)) return "broken";
  return "final";
}

/** Makes an error of a call's status other than OK. A server's text stays as it is; others reveal nothing of the network. */
export function errorOf(status: StatusObject, answered: boolean): GatewayError {
  const cause = new Error(`grpc status ${status.code}: ${status.details}`);
  if (Object.keys(status.metadata.toJSON()).length === 0) {
    if (status.details === REFUSED) {
      return new GatewayError(Status.UNAVAILABLE, "the server refused the call", { cause });
    }
    if (BROKEN.test(status.details) || (status.code === Status.UNAVAILABLE && !answered)) {
      return new GatewayError(Status.UNAVAILABLE, "the connection to the server broke", { cause });
    }
    if (status.code === Status.DEADLINE_EXCEEDED && status.details.startsWith(DEADLINE)) return deadlineExceeded(cause);
  }
  const trailer = status.metadata.get("grpc-status-details-bin")[0];
  const details = typeof trailer === "object" ? readStatusDetails(trailer) : [];
  const text = typeof status.details === "string" ? status.details : "the response could not be decompressed";
  return new GatewayError(codeOf(status.code), text, { details });
}

/** The error of a call that took too long, worded as every gRPC gateway written in Go words it. */
export function deadlineExceeded(cause?: unknown): GatewayError {
  return new GatewayError(Status.DEADLINE_EXCEEDED, "context deadline exceeded", { cause });
}

/** The code of a failed call: a server may send any number, and grpc-js none. */
function codeOf(code: number | undefined): StatusCode {
  if (code === undefined) return Status.INTERNAL;
  return isStatusCode(code) && code !== Status.OK ? code : Status.UNKNOWN;
}
