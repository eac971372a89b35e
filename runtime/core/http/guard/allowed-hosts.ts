import type { IncomingMessage } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** How much of a name is repeated in an error: a domain name has no more. */
const MOST_SHOWN = 253;

/**
 * The hosts that a server answers for. A page whose domain has just been made to resolve to the server's address (DNS
 * rebinding, as in CVE-2018-5702) is of the same origin for its browser; what gives it away is the `Host` that it names.
 *
 * Requests over TLS are not looked at, as etcd does: the server's certificate has the wrong name for such a page.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>;

  /** @param names host names and addresses, without ports */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => bare(name.toLowerCase())));
  }

  /** Why a request is refused, with status 421. `undefined`: it is not. */
  rejection(req: IncomingMessage): GatewayError | undefined {
    const { host } = req.headers;
    // Without the header it is HTTP/1.0, which no browser speaks.
    if (host === undefined || this.#names.has(nameOf(host)) || isEncrypted(req)) return undefined;
    return new GatewayError(Status.PERMISSION_DENIED, unrecognized(nameOf(host)), { httpStatus: 421 });
  }
}

/** Whether a request came over TLS. */
export function isEncrypted({ socket }: IncomingMessage): boolean {
  return "encrypted" in socket && socket.encrypted === true;
}

/** The name in a `Host` header: without the port, and without the brackets of an IPv6 address. */
function nameOf(host: string): string {
  return bare(host.replace(/:\d*$/, "").toLowerCase());
}

function bare(name: string): string {
  return name.replace(/^\[(.*)\]$/, "$1");
}

function unrecognized(name: string): string {
  const shown = name.slice(0, MOST_SHOWN);
  return (
    `this server does not answer for the host ${JSON.stringify(shown)}, which the request's Host header names: ` +
    `allow it by --allowed-hosts ${shown} of the command, or by the option browsers.allowedHosts; ` +
    "or, if a proxy has put that name there, let the proxy pass on the Host header that it gets " +
    "(this is to prevent DNS rebinding, CVE-2018-5702)"
  );
}
