import { validateHeaderName, validateHeaderValue } from "node:http";
import { CONNECTION_HEADERS } from "../../transport/metadata.js";

/** Headers of an HTTP response, by name. */
export type HttpHeaders = Readonly<Record<string, string | string[]>>;

/**
 * The names of headers that the gateway also sets itself, as the gateway writes them, so that each name has one
 * spelling.
 */
const WRITTEN_AS: ReadonlyMap<string, string> = new Map(
  [
    "Allow",
    "Cache-Control",
    "Content-Type",
    "Retry-After",
    "WWW-Authenticate",
    "X-Accel-Buffering",
    "X-Content-Type-Options",
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * Checks the name of a response header that an app has provided.
 *
 * @returns the name, in the gateway's own spelling if the gateway also sets this header
 * @throws TypeError if it is not a valid header name, or if only the HTTP server may set the header
 */
export function checkedHeaderName(name: unknown): string {
  if (typeof name !== "string") throw new TypeError(`a header name must be a string, not ${typeof name}`);
  validateHeaderName(name);
  const key = name.toLowerCase();
  if (CONNECTION_HEADERS.has(key)) throw new TypeError(`cannot set the header ${name}: the HTTP server sets it`);
  return WRITTEN_AS.get(key) ?? name;
}

/**
 * Checks the response headers that a function of an app has returned. Headers with the value `undefined` are left out.
 *
 * @throws TypeError if they cannot be sent
 */
export function checkedHeaders(value: unknown): HttpHeaders {
  if (typeof value !== "object" || value === null) throw new TypeError("headers must be an object");
  const headers = new Map<string, readonly [name: string, value: string | string[]]>();
  for (const [given, content] of Object.entries(value)) {
    if (content === undefined) continue;
    const name = checkedHeaderName(given);
    headers.set(name.toLowerCase(), [name, checkedValue(name, content)]);
  }
  return Object.fromEntries(headers.values());
}

function checkedValue(name: string, content: unknown): string | string[] {
  const values: readonly unknown[] = Array.isArray(content) ? content : [content];
  const texts = values.map((each) => {
    if (typeof each !== "string") throw new TypeError(`the header ${name} must be a string or a list of strings`);
    validateHeaderValue(name, each);
    return each;
  });
  return Array.isArray(content) ? texts : (texts[0] ?? "");
}

/** Merges headers. A later header replaces an earlier one with the same name. The case of names does not matter. */
export function withHeaders(headers: HttpHeaders, later: HttpHeaders): HttpHeaders {
  const replaced = new Set(Object.keys(later).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...later };
}

/**
 * Checks an HTTP status that a function of an app has returned.
 *
 * @throws TypeError if it is not an integer from 200 to 599
 */
export function checkedStatus(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599) return value;
  throw new TypeError(`the HTTP status must be from 200 to 599, not ${String(value)}`);
}
