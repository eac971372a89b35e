import type { GatewayError, StatusDetail } from "../gateway-error.js";

/** How errors are written: another family of clients may expect other members. */
export interface ErrorFormat {
  /** The JSON text of an error that is a whole response body. */
  body(error: GatewayError): string;
  /** The JSON text of an error in a stream, as its only or its last message. */
  streamBody(error: GatewayError): string;
}

/**
 * Errors as grpc-gateway v2 writes them (etcd 3.6 and later): a `google.rpc.Status`, in a stream as its member `error`.
 * `details` is left out when there are none. A detail's message type is not known here, so its bytes stay base64.
 */
export const statusFormat: ErrorFormat = {
  body: (error) => JSON.stringify(statusOf(error)),
  streamBody: (error) => JSON.stringify({ error: statusOf(error) }),
};

function statusOf({ code, message, details }: GatewayError): object {
  return details.length === 0 ? { code, message } : { code, message, details: details.map(anyOf) };
}

function anyOf({ typeUrl, value }: StatusDetail): object {
  return { "@type": typeUrl, value: Buffer.from(value).toString("base64") };
}
