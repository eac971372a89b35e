const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * The path of a request target (`req.url`), still percent-encoded: without its query and, in absolute form
 * (RFC 9112, 3.2.2), without its origin. A `#` is part of it: no target has a fragment.
 */
export function pathOf(target: string): string {
  const end = target.indexOf("?");
  const path = end === -1 ? target : target.slice(0, end);
  return path.charCodeAt(0) === 0x2f ? path : path.replace(ORIGIN, "") || "/";
}

/** Decodes every percent-escape (RFC 3986, 2.1). `undefined`: an escape is malformed, or they spell no UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Decodes every percent-escape but `%2F` and `%2f`, which stay as they are: the value of a variable of several segments,
 * whose slashes separate them.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto (Path template syntax)
 */
export function percentDecodeAllButSlash(text: string): string | undefined {
  return percentDecode(text.replace(/%(?=2f)/gi, "%25"));
}

/** The segments of a path, each percent-decoded. `undefined`: it does not begin with a slash, or cannot be decoded. */
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

/** The path of decoded segments, the same for all spellings: escaped is only what else would be taken for something else. */
export function pathOfSegments(segments: readonly string[]): string {
  return `/${segments.map((segment) => segment.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/")}`;
}

/**
 * The path without what only a spelling has: empty segments, `.`, and `..` with the segment before it. A slash at the end
 * stays. Escapes are left alone: `%2E` is no dot segment, and `%2F` no slash.
 *
 * It is what Go's `http.ServeMux` redirects to, which is the first to see etcd's requests (Go 1.22: `cleanPath`).
 */
export function cleanPath(path: string): string {
  const clean: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") clean.pop();
    else if (segment !== "" && segment !== ".") clean.push(segment);
  }
  return `/${clean.join("/")}${clean.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

/** The query of a request target, without its question mark; `""` for none. */
export function queryOf(target: string): string {
  const end = target.indexOf("#");
  const whole = end === -1 ? target : target.slice(0, end);
  const start = whole.indexOf("?");
  return start === -1 ? "" : whole.slice(start + 1);
}
