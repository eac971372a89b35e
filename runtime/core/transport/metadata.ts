import type { Metadata } from "./transport.js";

/** The metadata of a call that has none. */
export const NO_METADATA: Metadata = [];

const KEY = /^[0-9a-z_.-]+$/;
const TEXT = /^[ -~]*$/;

/**
 * Headers that concern only a connection or the encoding of a body: RFC 9110, section 7.6.1. They are never forwarded.
 */
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
 * Keys that cannot be metadata, because HTTP/2 forbids them or gRPC sets them itself. If a request contains a key that
 * HTTP/2 forbids, node:http2 refuses it, and grpc-js then drops the connection, with the calls of all other clients.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...CONNECTION_HEADERS,
  "content-type",
  "host",
  "http2-settings",
  "user-agent",
]);

/** Whether a text can be a metadata key: in lower case, and neither reserved by gRPC nor forbidden by HTTP/2. */
export function isMetadataKey(key: string): boolean {
  return KEY.test(key) && !key.startsWith("grpc-") && !FORBIDDEN.has(key);
}

/** Whether a text can be the value of a metadata key that does not end in `-bin`: printable ASCII. */
export function isMetadataText(value: string): boolean {
  return TEXT.test(value);
}

/** Keys that node:http2 accepts only once. On every channel, a second value is left out, for the same reason. */
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
