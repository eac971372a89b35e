import type { StatusObject } from "@grpc/grpc-js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { broken, refused, serverError } from "../call/call-errors.js";
import type { Failure } from "../endpoints/attempt.js";

/*
 * grpc-js reports statuses of its own, e.g. for a broken connection, in the same form as statuses of the server. The
 * metadata tells them apart: a server always sends headers, at least with its status.
 */

/**
 * Whether a status was sent by the server. After response headers this is not certain: its metadata may then be empty
 * in both cases.
 */
function isFromServer(status: StatusObject): boolean {
  return Object.keys(status.metadata.toJSON()).length > 0;
}

/** grpc-js's texts for a call that broke off. Some are followed by texts of the operating system or of OpenSSL. */
const BROKEN =
  /^(?:Connection dropped$|Call cancelled$|Write error: |Write failed with error |(?:read|write) E[A-Z]+$|Received RST_STREAM with code \d+ triggered by internal client error: )/;
/**
 * grpc-js's texts for a call that the server has not processed: it was refused, or it came after the last call that the
 * server's GOAWAY counts. With Node.js 24 and later, a request that is still being written gets a write error first.
 */
const REFUSED = /^(?:Stream refused by server|Write error: Stream closed with error code NGHTTP2_REFUSED_STREAM)$/;
/** grpc-js's text for a response with an HTTP status other than 200 and without a gRPC status. */
const OF_HTTP = /^Received HTTP status code \d+$/;
const NOT_STARTED = "Failed to start HTTP/2 stream";

/**
 * Returns the kind of failure for the status of a call that ended without response headers.
 *
 * @param opened whether an HTTP/2 stream was opened for the call
 */
export function failureOf(status: StatusObject, opened: boolean): Failure {
  if (isFromServer(status)) return "final";
  if (!opened && (status.code === Status.UNAVAILABLE || status.details.startsWith(NOT_STARTED))) return "not sent";
  if (REFUSED.test(status.details)) return "refused";
  if (status.code === Status.UNAVAILABLE || BROKEN.test(status.details)) return "broken";
  return "final";
}

/** Returns the text of a status, without grpc-js's heading for a note if there is no note. */
export function detailsOf({ details }: Pick<StatusObject, "details">): string {
  // A call that ends without a status has no details either, although the types say so.
  return String(details).replace(/\.? Resolution note: *$/, "");
}

/** Whether a status was derived from an HTTP status. */
export function isOfHttp(status: StatusObject): boolean {
  return OF_HTTP.test(status.details);
}

/**
 * Converts a status other than OK to an error. The text of a server is kept; other texts do not reveal anything about
 * the network.
 */
export function errorOf(status: StatusObject, hasResponded: boolean): GatewayError {
  const local = localError(status, hasResponded);
  if (local !== undefined) return local;
  const details = status.metadata.get("grpc-status-details-bin")[0];
  return serverError(status.code, status.details, typeof details === "object" ? details : undefined);
}

function localError(status: StatusObject, hasResponded: boolean): GatewayError | undefined {
  if (isFromServer(status)) return undefined;
  const cause = (): Error => new Error(`grpc status ${status.code}: ${detailsOf(status)}`);
  if (REFUSED.test(status.details)) return refused(cause());
  if (BROKEN.test(status.details) || (status.code === Status.UNAVAILABLE && !hasResponded)) return broken(cause());
  // If grpc-js cannot decompress a message, it ends the call without a status.
  if (status.code === undefined) {
    return new GatewayError(Status.INTERNAL, "the response could not be decompressed", { cause: cause() });
  }
  return undefined;
}
