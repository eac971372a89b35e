const KEY = /^[0-9a-z_.-]+$/;
const TEXT = /^[ -~]*$/;

/** Headers that belong to a connection or to the form of a body: RFC 9110, section 7.6.1. They are never passed on. */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/*
 * Keys that cannot be metadata: HTTP/2 forbids them, or gRPC sets them itself. node:http2 refuses a request with one of
 * the former, and grpc-js answers that by dropping the connection, and with it the calls of everybody else.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...CONNECTION_HEADERS,
  "content-type",
  "host",
  "http2-settings",
  "user-agent",
]);

/** Whether text can be a metadata key: lower-case, and neither reserved by gRPC nor forbidden in HTTP/2. */
export function isMetadataKey(key: string): boolean {
  return KEY.test(key) && !key.startsWith("grpc-") && !FORBIDDEN.has(key);
}

/** Whether text can be the value of a metadata key that does not end in `-bin`: printable ASCII. */
export function isMetadataText(value: string): boolean {
  return TEXT.test(value);
}

/** Keys that HTTP/2 in Node.js takes once only; a second value is left out for the same reason, on any channel. */
export const SINGLE_KEYS: ReadonlySet<string> = new Set([
  "access-control-allow-credentials",
  "access-control-max-age",
  "access-control-request-method",
  "age",
  "authorization",
  "content-encoding",
  "content-language",
  "content-location",
  "content-md5",
  "content-range",
  "date",
  "dnt",
  "etag",
  "expires",
  "from",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "range",
  "referer",
  "retry-after",
  "tk",
  "upgrade-insecure-requests",
  "x-content-type-options",
]);
