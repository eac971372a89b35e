import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { RejectionReason } from "../../observe/call-record.js";
import type { RejectionRecorder } from "../../observe/rejection-recorder.js";
import { readOptions } from "../../options/option-group.js";
import { instance, listOf, text } from "../../options/option-kinds.js";
import { containResponseErrors } from "../response/contain-response-errors.js";
import { respondWithError } from "../response/error-response.js";
import { failResponse } from "../response/failed-response.js";
import { AllowedHosts, isEncrypted } from "./allowed-hosts.js";
import { BROWSER_GUARD_OPTIONS, type BrowserGuardOptions, type BrowserGuardSettings } from "./browser-guard-options.js";
import { Cors } from "./cors.js";
import { tooManyHeaders } from "./header-count.js";
import { repeatedHost } from "./host-header.js";

/** Why a request must be rejected. */
export interface NotAdmitted {
  readonly error: GatewayError;
  readonly reason: RejectionReason;
}

/**
 * Rejects requests of web pages from other origins. It is needed because a browser sends a request with the content type
 * of a form or of plain text without asking the server first, to any address that it can reach. CORS alone hides only
 * the response from the page, after the write is done.
 *
 * Requests without `Origin`, such as those of images and links, are served without the browser's own credentials.
 */
export class BrowserGuard {
  /** What pages of other origins may do. `undefined`: nothing. */
  readonly cors: Cors | undefined;
  readonly #hosts: AllowedHosts | undefined;

  constructor({ cors, allowedHosts }: BrowserGuardSettings) {
    this.cors = cors === undefined ? undefined : new Cors(cors);
    this.#hosts = allowedHosts === undefined ? undefined : new AllowedHosts(allowedHosts);
  }

  /**
   * Admits a request or WebSocket handshake, or returns why it must be rejected. Nothing of the request needs to be read
   * before.
   *
   * If all origins are allowed, and the page's origin is not listed by name, the request loses the credentials that the
   * browser has added by itself: such a page must send its own token.
   */
  admit(req: IncomingMessage): NotAdmitted | undefined {
    const malformed = tooManyHeaders(req) ?? repeatedHost(req);
    if (malformed !== undefined) return { error: malformed, reason: "bad-request" };
    const error = this.#rejection(req);
    return error === undefined ? undefined : { error, reason: "browser-guard" };
  }

  #rejection(req: IncomingMessage): GatewayError | undefined {
    const misdirected = this.#hosts?.rejection(req);
    if (misdirected !== undefined) return misdirected;
    const { origin } = req.headers;
    if (origin === undefined || isSameOrigin(req, origin)) {
      if (isFromElsewhere(req)) withhold(req);
      return undefined;
    }
    if (this.cors?.allows(origin) === true) {
      if (!this.cors.lists(origin)) withhold(req);
      return undefined;
    }
    return new GatewayError(Status.PERMISSION_DENIED, foreign(origin, req.headers.host));
  }
}

const METHODS = listOf(
  { text: "what is served", least: 1 },
  text({ text: "a method", expected: "a method such as GET" }),
).or(["GET", "HEAD"]);

const RECORD = instance<RejectionRecorder>(
  {
    text: "records what is rejected",
    type: "RejectionRecorder",
    expected: "a function such as that of rejectionRecorder",
  },
  (given) => typeof given === "function",
);

/** The schemes whose credentials a browser adds by itself once its user has signed in. */
const BY_BROWSER = /^(?:basic|digest|negotiate|ntlm)\b/i;

/**
 * Creates middleware that guards a server's other handlers. Mount it after the gateway, which guards itself:
 *
 * ```ts
 * app.use(gateway.router);
 * app.use(browserGuard({ cors, allowedHosts }));
 * ```
 *
 * @param methods the methods that those handlers serve; `GET` and `HEAD` by default
 * @param record records the rejected requests: see `rejectionRecorder`
 * @throws TypeError if an option cannot be used
 */
export function browserGuard(
  options: BrowserGuardOptions,
  methods?: readonly string[],
  record?: RejectionRecorder,
): (req: IncomingMessage, res: ServerResponse, next: () => void) => void {
  const guard = new BrowserGuard(readOptions(BROWSER_GUARD_OPTIONS, options, "browserGuard"));
  const served = METHODS.readArgument(methods, "methods");
  RECORD.readArgument(record, "record");
  return function browserGuard(req, res, next) {
    containResponseErrors(res);
    if (res.headersSent) return;
    const rejection = guard.admit(req);
    if (rejection !== undefined) {
      record?.(req, res, rejection.error, rejection.reason);
      respondWithError(req, res, rejection.error);
      return;
    }
    try {
      if (guard.cors?.respond(req, res, () => served) === true) return;
    } catch (error) {
      failResponse(res, error);
      return;
    }
    next();
  };
}

/**
 * Whether a request comes from a page of the server's own origin:
 *
 * - If the browser sends `Sec-Fetch-Site`, which pages cannot set, this header decides. Old browsers do not send it, and
 *   no browser sends it to a server over plain HTTP that is not on a loopback address.
 * - Otherwise the host of the page must be the host of the request.
 * - A page over HTTPS may belong to a server over HTTP, because a proxy may terminate TLS.
 * - A page over HTTP cannot belong to a server over HTTPS.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
function isSameOrigin(req: IncomingMessage, origin: string): boolean {
  const site = req.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const [, scheme, host] = /^(https?):\/\/(.+)$/.exec(origin) ?? [];
  return host !== undefined && host === req.headers.host?.toLowerCase() && (scheme === "https" || !isEncrypted(req));
}

/**
 * Whether a browser says that a request without an origin, for example of an image or a link, comes from a page of
 * another origin.
 */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/** Removes the credentials that a browser adds by itself, whichever page has caused the request. */
function withhold({ headers }: IncomingMessage): void {
  delete headers.cookie;
  if (headers.authorization !== undefined && BY_BROWSER.test(headers.authorization)) delete headers.authorization;
}

function foreign(origin: string, host: string | undefined): string {
  const shownHost = host === undefined ? "" : ` with the Host header ${JSON.stringify(host.slice(0, 256))}`;
  return (
    `web pages of ${JSON.stringify(origin.slice(0, 256))} may not use this server${shownHost}: ` +
    "to allow them, add the origin to the server's option cors; " +
    "or, if the page belongs to this server and a proxy is in between, let the proxy pass on the original Host header"
  );
}
