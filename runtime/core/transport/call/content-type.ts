import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** The most of a content type that is told. */
const MOST_TEXT = 100;

/**
 * Whether a content type is gRPC's.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function isGrpcType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:$|[+;])/i.test(contentType);
}

/** The error of an answer with the status 200 and another content type than gRPC's. */
export function notGrpc(contentType: string | undefined): GatewayError {
  const type = JSON.stringify(contentType?.slice(0, MOST_TEXT) ?? "");
  return new GatewayError(Status.UNKNOWN, `the response is not gRPC: its content type is ${type}`);
}
