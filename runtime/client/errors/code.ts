/**
 * The canonical gRPC status codes.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
 */
export const Code = {
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

/** The name of a gRPC status code. */
export type CodeName = keyof typeof Code;

/** A gRPC status code, `0` (OK) to `16` (UNAUTHENTICATED). */
export type Code = (typeof Code)[CodeName];

/** Returns the name of a status code; `undefined` if the value is not a status code. */
export function codeName(code: unknown): CodeName | undefined {
  return codeNames().find((name) => Code[name] === code);
}

/** Returns a value as a status code; `undefined` if it is not one. */
export function codeOf(value: unknown): Code | undefined {
  const name = codeName(value);
  return name === undefined ? undefined : Code[name];
}

function codeNames(): CodeName[] {
  return Object.keys(Code).filter((name): name is CodeName => Object.hasOwn(Code, name));
}

/**
 * Returns the gRPC code for the HTTP status of a response whose body has no code, for example a proxy's response.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function codeOfStatus(status: number): Code {
  switch (status) {
    case 400:
      return Code.INTERNAL;
    case 401:
      return Code.UNAUTHENTICATED;
    case 403:
      return Code.PERMISSION_DENIED;
    case 404:
      return Code.UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.UNAVAILABLE;
    default:
      return Code.UNKNOWN;
  }
}
