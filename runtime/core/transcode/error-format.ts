import { STATUS_CODES } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import { httpStatusOf, type StatusCode } from "../errors/status.js";

/** A text as a response body. */
export interface ErrorBody {
  readonly contentType: string;
  readonly text: string;
}

/**
 * How errors are written: another family of clients may expect other statuses and members. `details` are those of the
 * error as protobuf JSON: objects with a member `@type`.
 */
export interface ErrorFormat {
  /** The HTTP status of an error, if the response has not begun. */
  status(error: GatewayError): number;
  /** The JSON text of an error that is a whole response body. */
  body(error: GatewayError, details: readonly object[]): string;
  /** The JSON text of an error in a stream, as its only or its last message. */
  streamBody(error: GatewayError, details: readonly object[]): string;
  /** The response body for a request that no route matches: `NOT_FOUND`, or `UNIMPLEMENTED` for a wrong method. */
  routingBody(error: GatewayError, details: readonly object[]): ErrorBody;
  /** Whether a 401 has the header `WWW-Authenticate`, with the message. */
  readonly challenges: boolean;
}

/**
 * Errors as grpc-gateway v2 writes them (etcd 3.6 and later): a `google.rpc.Status`, in a stream as its member `error`.
 * `details` is left out when there are none.
 */
export const v2Errors: ErrorFormat = {
  status: ({ httpStatus }) => httpStatus,
  body: (error, details) => JSON.stringify(statusOf(error, details)),
  streamBody: (error, details) => JSON.stringify({ error: statusOf(error, details) }),
  routingBody: (error, details) => ({
    contentType: "application/json",
    text: JSON.stringify(statusOf(error, details)),
  }),
  challenges: true,
};

/** The statuses of grpc-gateway v1 that are not those of v2. */
const V1_STATUS: Readonly<Partial<Record<StatusCode, number>>> = { 1: 408 };

/**
 * Errors as grpc-gateway v1 writes them (etcd 3.4 and 3.5): the message twice, in a stream with the HTTP status and its
 * name, and plain text where no route matches.
 */
export const v1Errors: ErrorFormat = {
  status: v1Status,
  body: (error, details) => JSON.stringify({ error: error.message, ...statusOf(error, details) }),
  streamBody: (error, details) => {
    const { code, ...rest } = statusOf(error, details);
    const status = v1Status(error);
    return JSON.stringify({
      error: { grpc_code: code, http_code: status, ...rest, http_status: STATUS_CODES[status] ?? "" },
    });
  },
  routingBody: ({ message }) => ({ contentType: "text/plain; charset=utf-8", text: `${message}\n` }),
  challenges: false,
};

function v1Status({ code, httpStatus }: GatewayError): number {
  const isOfCode = httpStatus === httpStatusOf(code);
  return (isOfCode ? V1_STATUS[code] : undefined) ?? httpStatus;
}

/** A `google.rpc.Status` as JSON. */
interface StatusJson {
  readonly code: StatusCode;
  readonly message: string;
  readonly details?: readonly object[];
}

function statusOf({ code, message }: GatewayError, details: readonly object[]): StatusJson {
  return details.length === 0 ? { code, message } : { code, message, details };
}
