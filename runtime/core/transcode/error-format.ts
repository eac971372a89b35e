import { STATUS_CODES } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import { httpStatusOf, type StatusCode } from "../errors/status.js";

/** A text response body. */
export interface ErrorBody {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The format of errors. It differs between gateway families in the HTTP statuses and the members of the JSON. The
 * parameter `details` is the error's details as protobuf JSON: objects with a member `@type`.
 */
export interface ErrorFormat {
  /** Returns the HTTP status of an error, for a response that has not begun. */
  status(error: GatewayError): number;
  /** Returns the JSON text of an error that is a whole response body. */
  body(error: GatewayError, details: readonly object[]): string;
  /** Returns the JSON text of an error in a stream. It is the last message of the stream, or the only one. */
  streamBody(error: GatewayError, details: readonly object[]): string;
  /**
   * Returns the response body for a request that no route matches: `NOT_FOUND`, or `UNIMPLEMENTED` for a wrong method.
   */
  routingBody(error: GatewayError, details: readonly object[]): ErrorBody;
  /** Whether a response with status 401 has the header `WWW-Authenticate`, with the error's message. */
  readonly challenges: boolean;
}

/**
 * The error format of grpc-gateway v2 (etcd 3.6 and later): a `google.rpc.Status`; in a stream, as the member `error`.
 * Empty `details` are omitted.
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

/** The HTTP statuses of grpc-gateway v1 that differ from those of v2. */
const V1_STATUS: Readonly<Partial<Record<StatusCode, number>>> = { 1: 408 };

/**
 * The error format of grpc-gateway v1 (etcd 3.1 to 3.5). The message appears twice. An error in a stream also has the
 * HTTP status and its name. If no route matches, the body is plain text.
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
