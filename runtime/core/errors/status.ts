/**
 * The canonical gRPC status codes.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
 */
export const Status = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** One of the canonical gRPC status codes, `0` (OK) to `16` (UNAUTHENTICATED). */
export type StatusCode = (typeof Status)[keyof typeof Status];

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Status).map(([name, code]) => [code, name]));

/** The name of a status code, such as `NOT_FOUND`. */
export function statusName(code: StatusCode): string {
  return NAMES.get(code) ?? "UNKNOWN";
}

const HTTP_STATUS: Readonly<Record<StatusCode, number>> = {
  0: 200,
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

/**
 * Returns the HTTP status for a gRPC status code, as in grpc-gateway v2 (etcd 3.6 and later).
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
export function httpStatusOf(code: StatusCode): number {
  return HTTP_STATUS[code];
}

/** Whether a number is one of the canonical gRPC status codes. */
export function isStatusCode(code: number): code is StatusCode {
  return Number.isInteger(code) && code >= 0 && code <= 16;
}
