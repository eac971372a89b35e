import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { RejectionReason } from "../observe/call-record.js";
import type { ErrorWriter } from "../transcode/error-writer.js";
import { firstSegment, percentDecode } from "../transcode/url/request-path.js";
import type { GatewayRequest } from "./body/gateway-request.js";
import type { GatewayContext } from "./exchange.js";
import { type HandledRequest, reportRejection } from "./handled-request.js";
import { cleanLocation, sendRedirect } from "./response/clean-path-redirect.js";
import { sendError } from "./response/error-response.js";
import { handOver, type UnknownRouteHandler } from "./response/unknown-route.js";

/** How to respond to requests that have no route in the gateway. */
export interface UnroutedSettings {
  /** First path segments under which the gateway responds to unknown paths. */
  readonly roots: ReadonlySet<string>;
  /** Returns what writes the errors for a path. */
  readonly errorsAt: (path: string) => ErrorWriter;
  /** The app's handler, which responds instead of the gateway. `undefined` if the app has none. */
  readonly handler: UnknownRouteHandler | undefined;
}

/** Why requests without a route are rejected, by the HTTP status of the response. */
const REASONS: Readonly<Record<number, RejectionReason>> = { 404: "not-found", 405: "method-not-allowed" };

/** Returns the error of a request without a route. */
function routingError(path: string, methods: readonly string[]): GatewayError {
  if (methods.length > 0) {
    return new GatewayError(Status.UNIMPLEMENTED, "Method Not Allowed", {
      httpStatus: 405,
      headers: { Allow: methods.join(", ") },
    });
  }
  if (percentDecode(path) === undefined) {
    return new GatewayError(Status.INVALID_ARGUMENT, "the path has a malformed percent-escape");
  }
  return new GatewayError(Status.NOT_FOUND, "Not Found");
}

/**
 * Responds to requests without a route:
 *
 * - If the path has routes for other methods, they get 405 with `Allow`.
 * - If the path is not clean, and would be under a root if it were, they are redirected to the clean path.
 * - Otherwise they get 404, or 400 if the path is malformed.
 */
export class UnroutedRequests {
  readonly #settings: UnroutedSettings;
  readonly #context: GatewayContext;

  constructor(settings: UnroutedSettings, context: GatewayContext) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Returns what writes the errors for a path. */
  errorsAt(path: string): ErrorWriter {
    return this.#settings.errorsAt(path);
  }

  /** Whether the gateway responds to a path that is unknown, instead of the next handler. */
  owns(req: GatewayRequest, path: string): boolean {
    const { roots } = this.#settings;
    return roots.has(firstSegment(path)) || cleanLocation(req, path, roots) !== undefined;
  }

  /** @param methods the methods for which the path has routes */
  respond(handled: HandledRequest, methods: readonly string[]): void {
    const { req, res, path, next } = handled;
    const { roots, handler } = this.#settings;
    const location = methods.length === 0 ? cleanLocation(req, path, roots) : undefined;
    if (location !== undefined) {
      sendRedirect(req, res, location);
      return;
    }
    const error = routingError(path, methods);
    const reject = (): void => this.#reject(handled, error);
    if (handler === undefined) reject();
    else handOver(handler, error, req, res, next ?? reject, reject);
  }

  #reject(handled: HandledRequest, error: GatewayError): void {
    const { req, res, path } = handled;
    reportRejection(this.#context, handled, error, REASONS[error.httpStatus] ?? "bad-request");
    const written = this.errorsAt(path).write(error, req);
    sendError(req, res, written, { body: written.routingBody });
  }
}
