import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import type { Metadata } from "./transport.js";

const NONE: Metadata = [];
const NO_GRPC_METADATA: GrpcMetadata = new GrpcMetadata();
const KEY = /^[0-9a-z_.-]+$/;
const TEXT = /^[ -~]*$/;

/*
 * Keys that cannot be metadata: HTTP/2 forbids them, or gRPC sets them itself. node:http2 refuses a request with one of
 * the former, and grpc-js answers that by dropping the connection, and with it the calls of everybody else.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
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

/*
 * Keys that HTTP/2 in Node.js takes once only; a second value is left out for the same reason.
 */
const SINGLE: ReadonlySet<string> = new Set([
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

/** Metadata as grpc-js takes it. An entry that cannot travel is left out. */
export function toGrpcMetadata(metadata: Metadata): GrpcMetadata {
  if (metadata.length === 0) return NO_GRPC_METADATA;
  const result = new GrpcMetadata();
  for (const [key, value] of metadata) {
    if (!isMetadataKey(key)) continue;
    if (SINGLE.has(key) && result.get(key).length > 0) continue;
    if (key.endsWith("-bin")) {
      if (typeof value !== "string") result.add(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    } else if (typeof value === "string" && isMetadataText(value)) {
      result.add(key, value);
    }
  }
  return result;
}

/** Metadata as grpc-js gives it, without the keys that gRPC reserves. */
export function fromGrpcMetadata(metadata: GrpcMetadata): Metadata {
  const values = metadata.toJSON();
  let result: [string, string | Uint8Array][] | undefined;
  for (const key of Object.keys(values)) {
    if (key.startsWith("grpc-")) continue;
    for (const value of values[key] ?? []) {
      result ??= [];
      result.push([key, value]);
    }
  }
  return result ?? NONE;
}
