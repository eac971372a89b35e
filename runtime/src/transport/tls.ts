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

/**
 * The certificates and keys for TLS 1.2 and later.
 *
 * @throws TypeError if a certificate or key cannot be used.
 */
export function secureContext(options: TlsOptions): SecureContext {
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
