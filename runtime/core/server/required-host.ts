import type { RequestListener } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { tooManyHeaders } from "../http/guard/header-count.js";
import { respondWithError } from "../http/response/error-response.js";

const MISSING = new GatewayError(Status.INVALID_ARGUMENT, "the request has no Host header (RFC 9112, 3.2)");

/**
 * Makes an app reject HTTP/1.1 requests without a `Host` header. Node.js itself can do this, but sends no body, and
 * does not check requests for an upgrade.
 */
export function requireHost(app: RequestListener): RequestListener {
  return function requireHost(this: unknown, req, res) {
    if (req.headers.host === undefined && req.httpVersion === "1.1") {
      respondWithError(req, res, tooManyHeaders(req) ?? MISSING);
    } else return Reflect.apply(app, this, [req, res]);
  };
}
