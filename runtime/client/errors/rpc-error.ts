import type { JsonObject } from "../json/json-value.js";
import type { Code, CodeName } from "./code.js";
import { codeName } from "./code.js";

/** The optional properties of an {@link RpcError}, and the name of its RPC. */
export interface RpcErrorOptions {
  /** The full name of the RPC. For a JSON call without a name: its method and path. */
  readonly rpc: string;
  /** The HTTP status of the response, if there was one. */
  readonly httpStatus?: number | undefined;
  /** The error details that the server sent, as JSON. */
  readonly details?: readonly JsonObject[] | undefined;
  /** How long to wait before the next attempt, in milliseconds, if the server says so. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Any error of a call: an error from the server, a failed connection, a deadline, an abort, or a message that cannot be
 * sent or read.
 *
 * The code `UNAVAILABLE` without an `httpStatus` means that the server could not be reached or that the connection
 * broke.
 */
export class RpcError extends Error {
  override readonly name = "RpcError";
  /** The gRPC status code. */
  readonly code: Code;
  /** The name of the code, for example `NOT_FOUND`. */
  readonly codeName: CodeName;
  /** The server's message, unchanged. `message` has the name of the RPC in front. */
  readonly rawMessage: string;
  /** The full name of the RPC, for example `etcdserverpb.KV.Range`. */
  readonly rpc: string;
  /** The HTTP status of the response; `undefined` if there was none. */
  readonly httpStatus: number | undefined;
  /** The error details as JSON: objects with a member `@type`. `detailOf` reads those of google.rpc. */
  readonly details: readonly JsonObject[];
  /** How long to wait before the next attempt, in milliseconds (`Retry-After`). */
  readonly retryAfter: number | undefined;

  constructor(code: Code, message: string, { rpc, httpStatus, details, retryAfter, cause }: RpcErrorOptions) {
    super(`${rpc}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.codeName = codeName(code) ?? "UNKNOWN";
    this.rawMessage = message;
    this.rpc = rpc;
    this.httpStatus = httpStatus;
    this.details = details ?? [];
    this.retryAfter = retryAfter;
  }
}
