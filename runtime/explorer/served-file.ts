import { createHash } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

/** A year: what never changes need not be asked for again. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** A file that is served from memory, compressed for all that take it so. */
export class ServedFile {
  readonly #type: string;
  readonly #headers: OutgoingHttpHeaders;
  readonly #gzip: Buffer;
  readonly #etag: string;
  #plain: Buffer | undefined;

  /**
   * @param gzip the content, compressed
   * @param headers beside those that each file has
   */
  constructor(type: string, gzip: Buffer, headers: OutgoingHttpHeaders) {
    this.#type = type;
    this.#gzip = gzip;
    this.#headers = headers;
    this.#etag = createHash("sha256").update(type).update(gzip).digest("base64url").slice(0, 22);
  }

  /** A file whose name is that of its content: it is kept for good. */
  static named(type: string, gzip: Buffer): ServedFile {
    return new ServedFile(type, gzip, { "Cache-Control": IMMUTABLE });
  }

  /** A file that is asked for each time. */
  static fresh(type: string, text: string, headers: OutgoingHttpHeaders): ServedFile {
    return new ServedFile(type, gzipSync(text), { "Cache-Control": "no-cache", ...headers });
  }

  /** Answers a `GET` or `HEAD`: with 304 if the client has the content already. */
  send(req: IncomingMessage, res: ServerResponse): void {
    const isGzip = takesGzip(req);
    // Two encodings of one content are two representations: RFC 9110, section 8.8.3.3.
    const etag = `"${this.#etag}${isGzip ? "-gzip" : ""}"`;
    const headers: OutgoingHttpHeaders = {
      ...this.#headers,
      ETag: etag,
      Vary: "Accept-Encoding",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Resource-Policy": "same-origin",
    };
    if (hasAlready(req, etag)) {
      res.writeHead(304, headers).end();
      return;
    }
    const body = isGzip ? this.#gzip : this.#content();
    if (isGzip) headers["Content-Encoding"] = "gzip";
    res.writeHead(200, { ...headers, "Content-Type": this.#type, "Content-Length": body.length });
    res.end(req.method === "HEAD" ? undefined : body);
  }

  #content(): Buffer {
    this.#plain ??= gunzipSync(this.#gzip);
    return this.#plain;
  }
}

/** Whether `Accept-Encoding` names gzip, or all, with a weight above zero. */
function takesGzip({ headers }: IncomingMessage): boolean {
  const weights = new Map<string, number>();
  for (const entry of String(headers["accept-encoding"] ?? "").split(",")) {
    const [coding = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0;
}

/** Whether `If-None-Match` has an entity tag; weak and strong are alike for it: RFC 9110, section 13.1.2. */
function hasAlready({ headers }: IncomingMessage, etag: string): boolean {
  const given = headers["if-none-match"];
  if (given === undefined) return false;
  return given.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === etag);
}
