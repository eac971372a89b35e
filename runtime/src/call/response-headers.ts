import { isMetadataText } from "../transport/grpc-metadata.js";
import type { Metadata } from "../transport/transport.js";

const TOKEN = /^[0-9a-z_.-]+$/;
/** How many names are remembered: servers send few different ones, unless they mean harm. */
const MOST_NAMES = 256;

/**
 * The HTTP headers that stand for a call's response headers: `Grpc-Metadata-<Key>`, base64 for a key that ends in
 * `-bin`. A value that is not printable ASCII is left out, so that no server can write headers of its own.
 */
export function responseHeaders(headers: Metadata): Record<string, string | string[]> {
  return named("Grpc-Metadata-", HEADER_NAMES, headers);
}

/** The HTTP trailers that stand for a call's trailers, `Grpc-Trailer-<Key>`: for a client that sent `TE: trailers`. */
export function responseTrailers(trailers: Metadata): Record<string, string | string[]> {
  return named("Grpc-Trailer-", TRAILER_NAMES, trailers);
}

const HEADER_NAMES: Map<string, string> = new Map();
const TRAILER_NAMES: Map<string, string> = new Map();

function named(prefix: string, names: Map<string, string>, metadata: Metadata): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [key, value] of metadata) {
    if (!TOKEN.test(key)) continue;
    const text = typeof value === "string" ? value : Buffer.from(value).toString("base64");
    if (!isMetadataText(text)) continue;
    let name = names.get(key);
    if (name === undefined) {
      name = prefix + key.replace(/(?<![^-])[a-z]/g, (first) => first.toUpperCase());
      if (names.size < MOST_NAMES) names.set(key, name);
    }
    const before = result[name];
    if (before === undefined) result[name] = text;
    else if (typeof before === "string") result[name] = [before, text];
    else before.push(text);
  }
  return result;
}
