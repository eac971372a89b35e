import type { IncomingMessage, ServerResponse } from "node:http";
import { endResponse } from "../response/early-response.js";
import type { AllowedOrigins } from "./browser-guard-options.js";

/** How long a browser may remember the answer to a preflight, in seconds: the most that Chromium does. */
const MAX_AGE = "7200";

/**
 * Cross-origin resource sharing without credentials of the browser's own: tokens travel in `Authorization`.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export class Cors {
  /** `undefined`: all. */
  readonly #origins: ReadonlySet<string> | undefined;

  constructor(origins: AllowedOrigins) {
    this.#origins = origins === "*" ? undefined : new Set(origins);
  }

  /** Whether pages of an origin may use the gateway. */
  allows(origin: string): boolean {
    return this.#origins?.has(origin) ?? true;
  }

  /** Whether an origin is listed by name, rather than among all. */
  lists(origin: string): boolean {
    return this.#origins?.has(origin) ?? false;
  }

  /**
   * Sets the headers that let a page see the response, whatever that will be, and answers a preflight.
   *
   * @param methodsOf the methods that the request's path has
   * @returns whether the request was a preflight, and is answered
   */
  answer(req: IncomingMessage, res: ServerResponse, methodsOf: () => readonly string[]): boolean {
    const { origin } = req.headers;
    if (this.#origins !== undefined) res.appendHeader("Vary", "Origin");
    if (origin === undefined || !this.allows(origin)) return false;
    res.setHeader("Access-Control-Allow-Origin", this.#origins === undefined ? "*" : origin);
    if (req.method === "OPTIONS" && req.headers["access-control-request-method"] !== undefined) {
      return sendPreflight(req, res, methodsOf());
    }
    // All of them, Grpc-Metadata-* among them: their names are the server's to choose.
    res.setHeader("Access-Control-Expose-Headers", "*");
    return false;
  }
}

/** Answers a preflight. A path without methods has none: it is unknown. */
function sendPreflight(req: IncomingMessage, res: ServerResponse, methods: readonly string[]): boolean {
  if (methods.length === 0) return false;
  const headers = req.headers["access-control-request-headers"];
  res.appendHeader("Vary", "Access-Control-Request-Headers");
  res.writeHead(204, {
    "Access-Control-Allow-Methods": methods.join(", "),
    ...(headers !== undefined && { "Access-Control-Allow-Headers": headers }),
    "Access-Control-Max-Age": MAX_AGE,
  });
  endResponse(req, res);
  return true;
}
