import { validateHeaderName, validateHeaderValue } from "node:http";
import { CONNECTION_HEADERS } from "../transport/metadata.js";

/** Headers of an HTTP response, by name. */
export type HttpHeaders = Readonly<Record<string, string | string[]>>;

/** Headers that gateways set themselves, as they write them: a header has one name. */
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
 * A name for a response header, as an app gives it, in the form that the gateway writes it in.
 *
 * @throws TypeError if it is no header's name, or that of one which belongs to the HTTP server
 */
export function checkedHeaderName(name: unknown): string {
  if (typeof name !== "string") throw new TypeError(`a header's name must be a text, not ${typeof name}`);
  validateHeaderName(name);
  const key = name.toLowerCase();
  if (CONNECTION_HEADERS.has(key)) throw new TypeError(`the header ${name} is for the HTTP server to set`);
  return WRITTEN_AS.get(key) ?? name;
}

/**
 * Checks response headers that a function of an app has given; a header that is `undefined` is left out.
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
    if (typeof each !== "string") throw new TypeError(`the header ${name} must be a text, or a list of texts`);
    validateHeaderValue(name, each);
    return each;
  });
  return Array.isArray(content) ? texts : (texts[0] ?? "");
}

/** Headers of which the later ones replace earlier ones of the same name, however it is written. */
export function withHeaders(headers: HttpHeaders, later: HttpHeaders): HttpHeaders {
  const replaced = new Set(Object.keys(later).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...later };
}

/**
 * Checks an HTTP status that a function of an app has given.
 *
 * @throws TypeError if it is no status of a whole response
 */
export function checkedStatus(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599) return value;
  throw new TypeError(`an HTTP status must be 200 to 599, not ${String(value)}`);
}
