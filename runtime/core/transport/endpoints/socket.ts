import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { given } from "../../options/given.js";
import type { Address } from "./endpoint.js";
import type { TlsSide } from "./tls.js";

/**
 * Opens a socket to an address, with TLS if given. ALPN offers `h2`, and the server's certificate is verified.
 *
 * @param lookup resolves host names instead of `dns.lookup`
 */
export function openSocket(address: Address, tls: TlsSide | undefined, lookup?: LookupFunction): Socket {
  // A name may have several addresses. Those that do not respond are skipped, regardless of the settings of Node.js.
  const to = "path" in address ? address : { ...address, autoSelectFamily: true, ...(lookup && { lookup }) };
  if (tls === undefined) return connect({ ...to, noDelay: true });
  const host = "host" in address ? address.host : undefined;
  // Only names: RFC 6066 does not allow an address here. The certificate is checked against the address anyway.
  const servername = tls.servername ?? (host !== undefined && isIP(host) === 0 ? host : undefined);
  const { secureContext } = tls;
  const socket = tlsConnect({ ...to, ...given({ servername }), secureContext, ALPNProtocols: ["h2"] });
  return socket.setNoDelay(true);
}
