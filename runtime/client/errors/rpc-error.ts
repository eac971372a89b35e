import type { JsonObject } from "../json/json-value.js";
import type { Code, CodeName } from "./code.js";
import { codeName } from "./code.js";

/** What else is known of an error. */
export interface RpcErrorOptions {
  /** The full name of the rpc, or the method and the path of a call without one. */
  readonly rpc: string;
  /** The HTTP status of the answer, if there was one. */
  readonly httpStatus?: number | undefined;
  /** The details as JSON, as the server sent them. */
  readonly details?: readonly JsonObject[] | undefined;
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Whatever goes wrong in a call: what the server answered, a connection that could not be made, a deadline, an abort, a
 * message that cannot be sent or read.
 *
 * `UNAVAILABLE` without an `httpStatus` is a server that could not be reached, or a connection that broke.
 */
export class RpcError extends Error {
  override readonly name = "RpcError";
  /** The gRPC status code. */
  readonly code: Code;
  /** The code's name, such as `NOT_FOUND`. */
  readonly codeName: CodeName;
  /** The server's message, unchanged; `message` has the rpc's name before it. */
  readonly rawMessage: string;
  /** The rpc's full name, such as `etcdserverpb.KV.Range`. */
  readonly rpc: string;
  /** The HTTP status of the answer; `undefined` if there was none. */
  readonly httpStatus: number | undefined;
  /** What the server says beyond that, as JSON: objects with a member `@type`. `detailOf` reads those of google.rpc. */
  readonly details: readonly JsonObject[];
  /** How long the server asks to be left alone (`Retry-After`), in milliseconds. */
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
