import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../call/app-headers.js";

/**
 * Whether the client of a request takes trailers: it says so, and its response can have a body of chunks.
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

/** The header `Trailer`, which says what follows a body of chunks. */
export function trailerNames(trailers: HttpHeaders): string {
  return Object.keys(trailers).join(", ");
}

/** Adds trailers to a response whose body is of chunks. */
export function addTrailers(res: ServerResponse, trailers: HttpHeaders | undefined): void {
  if (trailers === undefined) return;
  // Node.js takes lists, too, but its types do not say so.
  const lines = Object.entries(trailers).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  res.addTrailers(lines);
}
