import { isMetadataText } from "../transport/metadata.js";
import type { Metadata } from "../transport/transport.js";

const TOKEN = /^[0-9a-z_.-]+$/;
/** How many names are remembered: servers send few different ones, unless they mean harm. */
const MOST_NAMES = 256;

/** How many bytes of metadata are passed on: clients of HTTP take 8 to 16 KiB of headers, and break at more. */
const MOST_BYTES = 8 * 1024;

/** What stands around the name and the value of each header: `Grpc-Metadata-`, the colon, a space and the line break. */
const OVERHEAD = 18;

const NAMES: Map<string, string> = new Map();

/**
 * The HTTP headers that stand for a call's response headers: `Grpc-Metadata-<Key>`, base64 for a key that ends in
 * `-bin`. A value that is not printable ASCII is left out, so that no server can write headers of its own, and so is what does
 * not fit into 8 KiB, so that none breaks the clients.
 */
export function responseHeaders(headers: Metadata): Readonly<Record<string, string | string[]>> {
  if (headers !== last.metadata) last = { metadata: headers, headers: httpHeadersOf(headers) };
  return last.headers;
}

/** The metadata that came last: a lean channel gives equal ones as the same object. */
let last: LastHeaders = { metadata: [], headers: {} };

interface LastHeaders {
  readonly metadata: Metadata;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

function httpHeadersOf(headers: Metadata): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  let room = MOST_BYTES;
  for (const [key, value] of headers) {
    if (!TOKEN.test(key)) continue;
    const text = typeof value === "string" ? value : Buffer.from(value).toString("base64");
    if (!isMetadataText(text)) continue;
    const size = key.length + text.length + OVERHEAD;
    if (size > room) continue;
    room -= size;
    let name = NAMES.get(key);
    if (name === undefined) {
      name = `Grpc-Metadata-${key.replace(/(?<![^-])[a-z]/g, (first) => first.toUpperCase())}`;
      if (NAMES.size < MOST_NAMES) NAMES.set(key, name);
    }
    const before = result[name];
    if (before === undefined) result[name] = text;
    else if (typeof before === "string") result[name] = [before, text];
    else before.push(text);
  }
  return result;
}
