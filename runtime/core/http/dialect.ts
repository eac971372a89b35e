import type { JsonReadOptions } from "../json/read/json-read-options.js";
import { type ErrorFormat, v1Errors, v2Errors } from "../transcode/error-format.js";

/**
 * The behavior that clients of a gateway family expect where the families differ. The dialect of a route is fixed:
 * nothing is decided per request.
 */
export interface Dialect {
  /** How errors are written. */
  readonly errors: ErrorFormat;
  /** How request JSON is read. */
  readonly json: JsonReadOptions;
}

/** grpc-gateway v2: etcd 3.6 and later. */
export const grpcGatewayV2: Dialect = { errors: v2Errors, json: { mapping: "v2" } };

/** grpc-gateway v1: etcd 3.1 to 3.5. Where these versions differ, it follows 3.4 and 3.5. */
export const grpcGatewayV1: Dialect = { errors: v1Errors, json: { mapping: "v1" } };

/** Dialects by path prefix. */
export class DialectTable {
  readonly #fallback: Dialect;
  /** Sorted from the longest prefix to the shortest. */
  readonly #prefixes: readonly (readonly [string, Dialect])[];

  /**
   * @param fallback the dialect of all other paths
   * @param byPrefix dialects by path prefix, such as `/v3beta`. The longest matching prefix counts. A prefix may be a
   *   whole path.
   */
  constructor(fallback: Dialect, byPrefix: Readonly<Record<string, Dialect>> = {}) {
    this.#fallback = fallback;
    this.#prefixes = Object.entries(byPrefix).sort(([a], [b]) => b.length - a.length);
  }

  /** Returns the dialect of a path, or of a path template. */
  of(path: string): Dialect {
    const found = this.#prefixes.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
    return found?.[1] ?? this.#fallback;
  }
}
