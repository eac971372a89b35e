import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../transcode/headers/app-headers.js";

/**
 * Whether the client of a request accepts trailers: it says so, and its response can have a chunked body.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1
 */
export function takesTrailers({ headers, method, httpVersion }: IncomingMessage): boolean {
  const { te } = headers;
  if (te === undefined || method === "HEAD" || httpVersion === "1.0") return false;
  return String(te)
    .split(",")
    .some((coding) => coding.trim().toLowerCase() === "trailers");
}

/** Returns the value of the header `Trailer`, which lists what follows a chunked body. */
export function trailerNames(trailers: HttpHeaders): string {
  return Object.keys(trailers).join(", ");
}

/** Adds trailers to a response with a chunked body. */
export function addTrailers(res: ServerResponse, trailers: HttpHeaders | undefined): void {
  if (trailers === undefined) return;
  // Node.js also accepts lists, but its types do not say so.
  const lines = Object.entries(trailers).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  res.addTrailers(lines);
}
