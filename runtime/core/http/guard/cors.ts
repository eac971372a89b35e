import type { IncomingMessage, ServerResponse } from "node:http";
import { endResponse } from "../response/end-response.js";
import type { AllowedOrigins } from "./browser-guard-options.js";

/** How long a browser may cache the response to a preflight, in seconds. Chromium accepts no more. */
const MAX_AGE = "7200";

/**
 * Cross-origin resource sharing without the browser's own credentials. Tokens are sent in `Authorization`.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export class Cors {
  /** `undefined` allows all origins. */
  readonly #origins: ReadonlySet<string> | undefined;

  constructor(origins: AllowedOrigins) {
    this.#origins = origins === "*" ? undefined : new Set(origins);
  }

  /** Whether pages of an origin may use the gateway. */
  allows(origin: string): boolean {
    return this.#origins?.has(origin) ?? true;
  }

  /** Whether an origin is listed by name. It is not if `"*"` allows all. */
  lists(origin: string): boolean {
    return this.#origins?.has(origin) ?? false;
  }

  /**
   * Sets the headers that let a page read the response, whatever it will be, and responds to preflights.
   *
   * @param methodsOf returns the methods of the request's path
   * @returns whether the request was a preflight and has its response
   */
  respond(req: IncomingMessage, res: ServerResponse, methodsOf: () => readonly string[]): boolean {
    const { origin } = req.headers;
    if (this.#origins !== undefined) res.appendHeader("Vary", "Origin");
    if (origin === undefined || !this.allows(origin)) return false;
    res.setHeader("Access-Control-Allow-Origin", this.#origins === undefined ? "*" : origin);
    if (req.method === "OPTIONS" && req.headers["access-control-request-method"] !== undefined) {
      return sendPreflight(req, res, methodsOf());
    }
    // All headers, including Grpc-Metadata-*, whose names the server chooses.
    res.setHeader("Access-Control-Expose-Headers", "*");
    return false;
  }
}

/** Responds to a preflight, unless the path has no methods: then it is unknown. Returns whether it has responded. */
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
