import { forgetPromise } from "../../call/app-result.js";
import { warnOf } from "../../errors/gateway-warning.js";
import { isMetadataText } from "../../transport/metadata.js";
import type { Metadata } from "../../transport/transport.js";
import { checkedHeaderName, type HttpHeaders } from "./app-headers.js";

/**
 * Returns the name of the HTTP header for a key of a call's response metadata; `undefined` for none. Keys are
 * lower-case.
 */
export type HeaderName = (key: string) => string | undefined;

const TOKEN = /^[0-9a-z_.-]+$/;
/** The largest number of names that are cached. Servers send only a few different ones, unless they are hostile. */
const MOST_NAMES = 256;

/** The most bytes of metadata that are passed on. HTTP clients accept 8 to 16 KiB of headers, and fail beyond that. */
const MOST_BYTES = 8 * 1024;

/** The size of a header without its key and value, in bytes: `Grpc-Metadata-`, the colon, a space and the line break. */
const OVERHEAD = 18;

const NO_HEADERS: HttpHeaders = {};

/** Returns `Grpc-Metadata-<Key>`, grpc-gateway's name for a response header of gRPC. */
export function metadataName(key: string): string {
  return `Grpc-Metadata-${capitalized(key)}`;
}

/** Returns `Grpc-Trailer-<Key>`, grpc-gateway's name for a trailer; `undefined` for the trailers of gRPC itself. */
export function trailerName(key: string): string | undefined {
  return key.startsWith("grpc-") ? undefined : `Grpc-Trailer-${capitalized(key)}`;
}

function capitalized(key: string): string {
  return key.replace(/(?<![^-])[a-z]/g, (first) => first.toUpperCase());
}

/**
 * Converts a call's response metadata to HTTP headers. The value of a key that ends in `-bin` becomes base64. Two kinds
 * of values are left out:
 *
 * - values that are not printable ASCII, so that a server cannot inject headers
 * - values beyond 8 KiB in total, which would break clients
 */
export class MetadataHeaders {
  readonly #nameOf: HeaderName;
  readonly #names = new Map<string, string | undefined>();
  /** The last metadata. The lean channel returns the same object for equal metadata. */
  #last: Metadata = [];
  #lastHeaders: HttpHeaders = NO_HEADERS;

  /**
   * @param nameOf returns the name of a header. If it throws, the process emits a warning and the header is left out
   */
  constructor(nameOf: HeaderName = metadataName) {
    this.#nameOf = nameOf;
  }

  /** The headers of a call's metadata. */
  of(metadata: Metadata): HttpHeaders {
    if (metadata !== this.#last) {
      this.#last = metadata;
      this.#lastHeaders = metadata.length === 0 ? NO_HEADERS : this.#headersOf(metadata);
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
    try {
      const name: unknown = this.#nameOf(key);
      forgetPromise(name);
      const checked = name === undefined || name === null ? undefined : checkedHeaderName(name);
      if (this.#names.size < MOST_NAMES) this.#names.set(key, checked);
      return checked;
    } catch (thrown) {
      warnOf(`no header for the metadata ${key}`, thrown);
      // A failure affects only one response. The next one tries again.
      this.#last = [];
      return undefined;
    }
  }
}
