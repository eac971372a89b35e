import type { StatusObject } from "@grpc/grpc-js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { Failure } from "../attempt.js";
import { broken, refused, serverError } from "../call-errors.js";

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
  const local = localError(status, answered);
  if (local !== undefined) return local;
  const details = status.metadata.get("grpc-status-details-bin")[0];
  return serverError(status.code, status.details, typeof details === "object" ? details : undefined);
}

function localError(status: StatusObject, answered: boolean): GatewayError | undefined {
  if (isFromServer(status)) return undefined;
  const cause = (): Error => new Error(`grpc status ${status.code}: ${status.details}`);
  if (status.details === REFUSED) return refused(cause());
  if (BROKEN.test(status.details) || (status.code === Status.UNAVAILABLE && !answered)) return broken(cause());
  // A message that grpc-js cannot decompress ends the call with no status at all.
  if (status.code === undefined) {
    return new GatewayError(Status.INTERNAL, "the response could not be decompressed", { cause: cause() });
  }
  return undefined;
}
