import type { IncomingMessage } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** The longest part of a name that errors repeat. Domain names are not longer. */
const MOST_SHOWN = 253;

/**
 * The hosts that a server responds for. This prevents DNS rebinding (CVE-2018-5702): a page changes the address of its
 * own domain to that of the server, so that its browser considers the server to be of the same origin. The `Host`
 * header still has the domain of the page.
 *
 * As in etcd, requests over TLS are not checked: the server's certificate does not match such a domain.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>;
  /** The `Host` header that was last found to be allowed. Most requests have the same. */
  #last: string | undefined;

  /** @param names host names and addresses, without ports */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => bare(name.toLowerCase())));
  }

  /** Returns the error, with status 421, if a request must be rejected, and `undefined` otherwise. */
  rejection(req: IncomingMessage): GatewayError | undefined {
    const { host } = req.headers;
    // Browsers always send the header.
    if (host === undefined || host === this.#last || isEncrypted(req)) return undefined;
    if (this.#names.has(nameOf(host))) {
      this.#last = host;
      return undefined;
    }
    return new GatewayError(Status.PERMISSION_DENIED, unrecognized(nameOf(host)), { httpStatus: 421 });
  }
}

/** Whether a request came over TLS. */
export function isEncrypted({ socket }: IncomingMessage): boolean {
  return "encrypted" in socket && socket.encrypted === true;
}

/** Returns the name in a `Host` header, without the port and the brackets of an IPv6 address. */
function nameOf(host: string): string {
  return bare(host.replace(/:\d*$/, "").toLowerCase());
}

function bare(name: string): string {
  return name.replace(/^\[(.*)\]$/, "$1");
}

function unrecognized(name: string): string {
  const shown = name.slice(0, MOST_SHOWN);
  return (
    `unknown host ${JSON.stringify(shown)} in the Host header: to allow it, list it together with the other hosts in ` +
    "the server's option allowedHosts; or, if a proxy has changed the header, " +
    "let the proxy pass on the original Host header (this check prevents DNS rebinding, CVE-2018-5702)"
  );
}
