import { GatewayError } from "../../errors/gateway-error.js";
import { Status, type StatusCode } from "../../errors/status.js";

/** The gRPC codes for HTTP statuses of responses without a gRPC status. All other statuses become `UNKNOWN`. */
const OF_HTTP: Readonly<Record<number, StatusCode>> = {
  400: Status.INTERNAL,
  401: Status.UNAUTHENTICATED,
  403: Status.PERMISSION_DENIED,
  404: Status.UNIMPLEMENTED,
  429: Status.UNAVAILABLE,
  502: Status.UNAVAILABLE,
  503: Status.UNAVAILABLE,
  504: Status.UNAVAILABLE,
};

/**
 * Returns the error for a response that is not gRPC.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function httpError(status: number): GatewayError {
  return new GatewayError(OF_HTTP[status] ?? Status.UNKNOWN, `Received HTTP status code ${status}`);
}

/** Returns the error for a response that the server ended without a gRPC status. The text is that of grpc-js. */
export function noStatus(): GatewayError {
  return new GatewayError(Status.INTERNAL, "Received RST_STREAM with code 0 (Call ended without gRPC status)");
}
