import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { given } from "../../options/given.js";
import type { Address } from "./endpoint.js";
import type { TlsSide } from "./tls.js";

/**
 * Opens a socket to an address, with TLS if that is given. ALPN offers `h2`, and the server's certificate is verified.
 *
 * @param lookup resolves host names in place of `dns.lookup`
 */
export function openSocket(address: Address, tls: TlsSide | undefined, lookup?: LookupFunction): Socket {
  // A name may have several addresses: those that do not answer are passed over, whatever Node.js was told to do.
  const to = "path" in address ? address : { ...address, autoSelectFamily: true, ...(lookup && { lookup }) };
  if (tls === undefined) return connect({ ...to, noDelay: true });
  const host = "host" in address ? address.host : undefined;
  // Names only: an address in its place is not allowed by RFC 6066, and the certificate is checked against it anyway.
  const servername = tls.servername ?? (host !== undefined && isIP(host) === 0 ? host : undefined);
  const { secureContext } = tls;
  const socket = tlsConnect({ ...to, ...given({ servername }), secureContext, ALPNProtocols: ["h2"] });
  return socket.setNoDelay(true);
}
