import { createHash } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

/** One year. The file never changes, so browsers need not request it again. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** A file that is served from memory, compressed for clients that accept gzip. */
export class ServedFile {
  readonly #type: string;
  readonly #headers: OutgoingHttpHeaders;
  readonly #gzip: Buffer;
  readonly #etag: string;
  #plain: Buffer | undefined;

  /**
   * @param gzip the content, compressed
   * @param headers additional headers of this file
   */
  constructor(type: string, gzip: Buffer, headers: OutgoingHttpHeaders) {
    this.#type = type;
    this.#gzip = gzip;
    this.#headers = headers;
    this.#etag = createHash("sha256").update(type).update(gzip).digest("base64url").slice(0, 22);
  }

  /** Makes a file whose name contains a hash of its content. Browsers may cache it forever. */
  static named(type: string, gzip: Buffer): ServedFile {
    return new ServedFile(type, gzip, { "Cache-Control": IMMUTABLE });
  }

  /** Makes a file that browsers must revalidate each time. */
  static fresh(type: string, text: string, headers: OutgoingHttpHeaders): ServedFile {
    return new ServedFile(type, gzipSync(text), { "Cache-Control": "no-cache", ...headers });
  }

  /** Responds to a `GET` or `HEAD` request; with 304 if the client already has the content. */
  send(req: IncomingMessage, res: ServerResponse): void {
    const isGzip = takesGzip(req);
    // Two encodings of the same content are two representations with their own tags (RFC 9110, section 8.8.3.3).
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

/** Whether `Accept-Encoding` has gzip or `*` with a weight above zero. */
function takesGzip({ headers }: IncomingMessage): boolean {
  const weights = new Map<string, number>();
  for (const entry of String(headers["accept-encoding"] ?? "").split(",")) {
    const [coding = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0;
}

/** Whether `If-None-Match` has an entity tag. Weak and strong tags compare equal (RFC 9110, section 13.1.2). */
function hasAlready({ headers }: IncomingMessage, etag: string): boolean {
  const given = headers["if-none-match"];
  if (given === undefined) return false;
  return given.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === etag);
}
