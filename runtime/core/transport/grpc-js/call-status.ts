import type { StatusObject } from "@grpc/grpc-js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { broken, refused, serverError } from "../call/call-errors.js";
import type { Failure } from "../endpoints/attempt.js";

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
/**
 * Its words for a call that the server has not looked at: refused, or beyond the last one that its GOAWAY counts. From
 * Node.js 24 on, a request that is still being written is told of it first by its write.
 */
const REFUSED = /^(?:Stream refused by server|Write error: Stream closed with error code NGHTTP2_REFUSED_STREAM)$/;
/** Its words for an answer with another status of HTTP than 200, and none of gRPC. */
const OF_HTTP = /^Received HTTP status code \d+$/;
const NOT_STARTED = "Failed to start HTTP/2 stream";

/**
 * Judges the status of a call that ended without response headers.
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

/** Whether a status stands for one of HTTP. */
export function isOfHttp(status: StatusObject): boolean {
  return OF_HTTP.test(status.details);
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
  if (REFUSED.test(status.details)) return refused(cause());
  if (BROKEN.test(status.details) || (status.code === Status.UNAVAILABLE && !answered)) return broken(cause());
  // A message that grpc-js cannot decompress ends the call with no status at all.
  if (status.code === undefined) {
    return new GatewayError(Status.INTERNAL, "the response could not be decompressed", { cause: cause() });
  }
  return undefined;
}
