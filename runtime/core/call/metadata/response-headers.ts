import { warnOf } from "../../errors/gateway-warning.js";
import { isMetadataText } from "../../transport/metadata.js";
import type { Metadata } from "../../transport/transport.js";
import { checkedHeaderName, type HttpHeaders } from "../app-headers.js";
import { forgetPromise } from "../app-result.js";

/**
 * Says which HTTP header a key of a call's response metadata becomes; `undefined`: none. Keys are lower-case.
 */
export type HeaderName = (key: string) => string | undefined;

const TOKEN = /^[0-9a-z_.-]+$/;
/** How many names are remembered: servers send few different ones, unless they mean harm. */
const MOST_NAMES = 256;

/** How many bytes of metadata are passed on: clients of HTTP take 8 to 16 KiB of headers, and break at more. */
const MOST_BYTES = 8 * 1024;

/** What stands around the name and the value of each header: `Grpc-Metadata-`, the colon, a space and the line break. */
const OVERHEAD = 18;

const NO_HEADERS: HttpHeaders = {};

/** `Grpc-Metadata-<Key>`, as grpc-gateway calls the headers of response headers. */
export function metadataName(key: string): string {
  return `Grpc-Metadata-${capitalized(key)}`;
}

/** `Grpc-Trailer-<Key>`, as grpc-gateway calls those of trailers; none for what gRPC itself puts there. */
export function trailerName(key: string): string | undefined {
  return key.startsWith("grpc-") ? undefined : `Grpc-Trailer-${capitalized(key)}`;
}

function capitalized(key: string): string {
  return key.replace(/(?<![^-])[a-z]/g, (first) => first.toUpperCase());
}

/**
 * The HTTP headers that stand for a call's response metadata, base64 for a key that ends in `-bin`. A value that is not
 * printable ASCII is left out, so that no server can write headers of its own, and so is what does not fit into 8 KiB, so
 * that none breaks the clients.
 */
export class MetadataHeaders {
  readonly #nameOf: HeaderName;
  readonly #names = new Map<string, string | undefined>();
  /** The metadata that came last: a lean channel gives equal ones as the same object. */
  #last: Metadata = [];
  #lastHeaders: HttpHeaders = NO_HEADERS;

  /** @param nameOf gives the names of the headers; what it throws costs the header, and is a warning of the process */
  constructor(nameOf: HeaderName = metadataName) {
    this.#nameOf = nameOf;
  }

  /** The headers of a call's metadata. */
  of(metadata: Metadata): HttpHeaders {
    if (metadata !== this.#last) {
      this.#lastHeaders = metadata.length === 0 ? NO_HEADERS : this.#headersOf(metadata);
      this.#last = metadata;
    }
    return this.#lastHeaders;
  }

  #headersOf(metadata: Metadata): HttpHeaders {
    const result: Record<string, string | string[]> = {};
    let room = MOST_BYTES;
    for (const [key, value] of metadata) {
      if (!TOKEN.test(key)) continue;
      const text = typeof value === "string" ? value : Buffer.from(value).toString("base64");
      if (!isMetadataText(text)) continue;
      const size = key.length + text.length + OVERHEAD;
      if (size > room) continue;
      const name = this.#name(key);
      if (name === undefined) continue;
      room -= size;
      const before = Object.hasOwn(result, name) ? result[name] : undefined;
      if (before === undefined) result[name] = text;
      else if (typeof before === "string") result[name] = [before, text];
      else before.push(text);
    }
    return result;
  }

  #name(key: string): string | undefined {
    if (this.#names.has(key)) return this.#names.get(key);
    const name = this.#askedName(key);
    if (this.#names.size < MOST_NAMES) this.#names.set(key, name);
    return name;
  }

  #askedName(key: string): string | undefined {
    try {
      const name: unknown = this.#nameOf(key);
      forgetPromise(name);
      return name === undefined || name === null ? undefined : checkedHeaderName(name);
    } catch (thrown) {
      warnOf(`no header for the metadata ${key}`, thrown);
      return undefined;
    }
  }
}
