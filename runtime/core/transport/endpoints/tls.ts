import { createSecureContext, type SecureContext } from "node:tls";
import { given } from "../../options/given.js";
import type { TlsSettings } from "../transport-options.js";

/** The TLS of a connection. */
export interface TlsSide {
  readonly secureContext: SecureContext;
  /** The name to verify the server's certificate against, where it is not the endpoint's host. */
  readonly servername?: string;
}

/**
 * What a client needs for TLS to an endpoint.
 *
 * @throws TypeError if a certificate or key cannot be used.
 */
export function tlsSide(options: TlsSettings): TlsSide {
  const { serverName } = options;
  return { secureContext: secureContext(options), ...(serverName !== undefined && { servername: serverName }) };
}

/**
 * The certificates and keys for TLS 1.2 and later.
 *
 * @throws TypeError if a certificate or key cannot be used.
 */
function secureContext(options: TlsSettings): SecureContext {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    const [there, missing] = options.key === undefined ? ["cert", "key"] : ["key", "cert"];
    throw new TypeError(`tls.${missing} is missing: a client certificate needs it beside tls.${there}`);
  }
  try {
    const { ca, cert, key } = options;
    return createSecureContext({ minVersion: "TLSv1.2", ...given({ ca, cert, key }) });
  } catch (error) {
    throw new TypeError("bad tls: its ca, cert and key are no usable PEM certificates and key", { cause: error });
  }
}
