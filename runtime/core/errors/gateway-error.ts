import { validateHeaderName, validateHeaderValue } from "node:http";
import { httpStatusOf, isStatusCode, Status, type StatusCode } from "./status.js";

/** One entry of a gRPC status's `details`: a packed `google.protobuf.Any`. */
export interface StatusDetail {
  /** The type URL, e.g. `type.googleapis.com/google.rpc.RetryInfo`. */
  readonly typeUrl: string;
  /** The message as protobuf bytes. */
  readonly value: Uint8Array;
}

/** What a {@link GatewayError} may have beside its code and message. */
export interface GatewayErrorOptions {
  /** The HTTP status, if it is not the usual one of the code (for example 405, 413, 415 or 421). */
  readonly httpStatus?: number;
  /** HTTP response headers that belong to the error, e.g. `Allow` or `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The details of the gRPC status. */
  readonly details?: readonly StatusDetail[];
  /** The reason for the error, for logs. It is never sent to clients. */
  readonly cause?: unknown;
}

/**
 * The error class of the gateway. All failures of a request become a `GatewayError`, and one place converts it to an
 * HTTP status and a body.
 */
export class GatewayError extends Error {
  override readonly name: string = "GatewayError";
  /** The gRPC status code. It is never `0`. */
  readonly code: StatusCode;
  /** The HTTP status, for a response that has not begun. */
  readonly httpStatus: number;
  /** HTTP response headers that belong to the error. */
  readonly headers: Readonly<Record<string, string>>;
  /** The details of the gRPC status. */
  readonly details: readonly StatusDetail[];

  /** @throws TypeError if the code is not an error code, the HTTP status is not 400 to 599, or a header is malformed */
  constructor(code: StatusCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (!isStatusCode(code) || code === Status.OK) {
      throw new TypeError(`invalid status code ${code}: expected 1 to 16`);
    }
    this.code = code;
    this.httpStatus = options.httpStatus ?? httpStatusOf(code);
    if (!(Number.isInteger(this.httpStatus) && this.httpStatus >= 400 && this.httpStatus <= 599)) {
      throw new TypeError(`invalid httpStatus ${this.httpStatus}: expected 400 to 599`);
    }
    this.headers = options.headers ?? {};
    for (const [name, value] of Object.entries(this.headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    this.details = options.details ?? [];
  }

  /**
   * Converts anything thrown to a `GatewayError`. A `GatewayError` is returned unchanged. A gRPC error (an `Error` with
   * a numeric `code`, as grpc-js throws) keeps its code and text. Everything else becomes `INTERNAL` with a text
   * without details. Never throws, not even for a proxy.
   */
  static from(thrown: unknown): GatewayError {
    try {
      return GatewayError.#read(thrown);
    } catch {
      const cause = new TypeError("the thrown value cannot be read: it is a proxy, or has a getter, that throws");
      return internalError(cause);
    }
  }

  /** Converts a thrown value. Throws if the value throws when it is read. */
  static #read(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) {
      const { code, httpStatus, message, headers, details, cause } = thrown;
      // The properties are read only here, so that this function throws and no later one.
      void [code, httpStatus, message, headers, details, cause];
      return thrown;
    }
    if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "number" && isStatusCode(thrown.code)) {
      const text = "details" in thrown && typeof thrown.details === "string" ? thrown.details : thrown.message;
      return new GatewayError(thrown.code === Status.OK ? Status.UNKNOWN : thrown.code, text, { cause: thrown });
    }
    return internalError(thrown);
  }
}

/**
 * Makes the error for a failure whose details are not for clients.
 *
 * @param cause the details, for logs
 */
export function internalError(cause: unknown): GatewayError {
  return new GatewayError(Status.INTERNAL, "internal error", { cause });
}
