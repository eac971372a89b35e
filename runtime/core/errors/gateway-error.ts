import { validateHeaderName, validateHeaderValue } from "node:http";
import { httpStatusOf, isStatusCode, Status, type StatusCode } from "./status.js";

/** One entry of a gRPC status's `details`: a packed `google.protobuf.Any`. */
export interface StatusDetail {
  /** The type URL, e.g. `type.googleapis.com/google.rpc.RetryInfo`. */
  readonly typeUrl: string;
  /** The message's protobuf wire bytes. */
  readonly value: Uint8Array;
}

/** What a {@link GatewayError} may carry beside its code and message. */
export interface GatewayErrorOptions {
  /** HTTP status, where it is not the one that stands for the code (405, 413, 415, 421, ...). */
  readonly httpStatus?: number;
  /** HTTP response headers that belong to the error, e.g. `Allow` or `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The details of the gRPC status. */
  readonly details?: readonly StatusDetail[];
  /** What led to the error; for logs, never sent to a client. */
  readonly cause?: unknown;
}

/**
 * The one error of the gateway: whatever goes wrong on the way of a request becomes one of these, and one place turns
 * it into an HTTP status and a body.
 */
export class GatewayError extends Error {
  override readonly name: string = "GatewayError";
  /** The gRPC status code; never `0`. */
  readonly code: StatusCode;
  /** The HTTP status of a response that has not begun. */
  readonly httpStatus: number;
  /** HTTP response headers that belong to the error. */
  readonly headers: Readonly<Record<string, string>>;
  /** The details of the gRPC status. */
  readonly details: readonly StatusDetail[];

  /** @throws TypeError for what cannot be answered: a code that is no error's, a status below 400, a malformed header. */
  constructor(code: StatusCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (!isStatusCode(code) || code === Status.OK) {
      throw new TypeError(`bad status code ${code}: that of an error is 1 to 16`);
    }
    this.code = code;
    this.httpStatus = options.httpStatus ?? httpStatusOf(code);
    if (!(Number.isInteger(this.httpStatus) && this.httpStatus >= 400 && this.httpStatus <= 599)) {
      throw new TypeError(`bad httpStatus ${this.httpStatus}: that of an error is 400 to 599`);
    }
    this.headers = options.headers ?? {};
    for (const [name, value] of Object.entries(this.headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    this.details = options.details ?? [];
  }

  /**
   * Makes a `GatewayError` of anything thrown: one stays itself; a gRPC error (an `Error` with a numeric `code` and
   * `details` text, as grpc-js throws) keeps both; everything else becomes `INTERNAL` with a text that reveals nothing.
   */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "number" && isStatusCode(thrown.code)) {
      const text = "details" in thrown && typeof thrown.details === "string" ? thrown.details : thrown.message;
      return new GatewayError(thrown.code === Status.OK ? Status.UNKNOWN : thrown.code, text, { cause: thrown });
    }
    return new GatewayError(Status.INTERNAL, "internal error", { cause: thrown });
  }
}
