import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** The largest part of a content type that is reported, in characters. */
const MOST_TEXT = 100;

/**
 * Whether a content type is that of gRPC.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function isGrpcType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:$|[+;])/i.test(contentType);
}

/** Returns the error for a response with status 200 whose content type is not that of gRPC. */
export function notGrpc(contentType: string | undefined): GatewayError {
  const type = JSON.stringify(contentType?.slice(0, MOST_TEXT) ?? "");
  return new GatewayError(Status.UNKNOWN, `the response is not gRPC: its content type is ${type}`);
}
