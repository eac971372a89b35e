import { createSecureContext, type SecureContext } from "node:tls";

/** How to speak TLS to the endpoints. The server's certificate is always verified. */
export interface TlsOptions {
  /** The certificate authorities to trust, PEM; the ones Node.js trusts if absent. */
  readonly ca?: Buffer | string;
  /** The client certificate chain, PEM. Needs `key`. */
  readonly cert?: Buffer | string;
  /** The client certificate's private key, PEM. Needs `cert`. */
  readonly key?: Buffer | string;
  /** The name to verify the server's certificate against, where it is not the endpoint's host. */
  readonly serverName?: string;
}

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
export function tlsSide(options: TlsOptions): TlsSide {
  const { serverName } = options;
  return { secureContext: secureContext(options), ...(serverName !== undefined && { servername: serverName }) };
}

/**
 * The certificates and keys for TLS 1.2 and later.
 *
 * @throws TypeError if a certificate or key cannot be used.
 */
function secureContext(options: TlsOptions): SecureContext {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new TypeError("a client certificate needs both tls.cert and tls.key");
  }
  try {
    return createSecureContext({
      minVersion: "TLSv1.2",
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    });
  } catch (error) {
    throw new TypeError("the tls options hold no usable PEM certificate or key", { cause: error });
  }
}
