const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * Returns the path of a request target (`req.url`), still percent-encoded, without its query and, for the absolute form
 * (RFC 9112, 3.2.2), without its origin. A `#` is part of the path, because request targets have no fragment.
 */
export function pathOf(target: string): string {
  const end = target.indexOf("?");
  const path = end === -1 ? target : target.slice(0, end);
  return path.charCodeAt(0) === 0x2f ? path : path.replace(ORIGIN, "") || "/";
}

/**
 * Decodes all percent-escapes (RFC 3986, 2.1). Returns `undefined` if an escape is malformed or the result is not
 * UTF-8.
 */
export function percentDecode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Decodes all percent-escapes except `%2F` and `%2f`. For variables of several segments, in which a slash separates
 * segments.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto (Path template syntax)
 */
export function percentDecodeAllButSlash(text: string): string | undefined {
  return percentDecode(text.replace(/%(?=2f)/gi, "%25"));
}

/**
 * Splits a path into percent-decoded segments. Returns `undefined` if it does not begin with a slash or cannot be
 * decoded.
 */
export function segmentsOfPath(path: string): readonly string[] | undefined {
  if (path.charCodeAt(0) !== 0x2f) return undefined;
  const segments: string[] = [];
  for (const segment of path.slice(1).split("/")) {
    const text = percentDecode(segment);
    if (text === undefined) return undefined;
    segments.push(text);
  }
  return segments;
}

/** Joins decoded segments to a path with a unique spelling. Only `%` and `/` in segments are escaped. */
export function pathOfSegments(segments: readonly string[]): string {
  return `/${segments.map((segment) => segment.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/")}`;
}

/**
 * Normalizes a path: removes empty segments, `.`, and `..` with the segment before it. A trailing slash is kept.
 * Escapes are not decoded: `%2E` is not a dot segment, and `%2F` is not a slash.
 *
 * Go's `http.ServeMux`, which is the first to see etcd's requests, redirects to this path (Go 1.22: `cleanPath`).
 */
export function cleanPath(path: string): string {
  const clean: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") clean.pop();
    else if (segment !== "" && segment !== ".") clean.push(segment);
  }
  return `/${clean.join("/")}${clean.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

/** Returns the first segment of a path, still percent-encoded; `""` for none. */
export function firstSegment(path: string): string {
  return path.split("/", 2)[1] ?? "";
}

/** Returns the query of a request target, without the question mark; `""` for none. */
export function queryOf(target: string): string {
  const end = target.indexOf("#");
  const whole = end === -1 ? target : target.slice(0, end);
  const start = whole.indexOf("?");
  return start === -1 ? "" : whole.slice(start + 1);
}
