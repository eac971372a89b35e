import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { given } from "../../options/given.js";
import type { TlsSettings } from "../transport-options.js";

/** The certificates and the key of a client. */
export type ClientCertificates = Pick<TlsSettings, "ca" | "cert" | "key">;

/** The TLS settings of a client for its endpoints. */
export class TlsSide {
  /** The name to verify the server's certificate against, if it is not the endpoint's host. */
  readonly servername: string | undefined;
  #secureContext: SecureContext;

  /** @throws TypeError if a certificate or key cannot be used */
  constructor({ serverName, ...certificates }: TlsSettings) {
    this.servername = serverName;
    this.#secureContext = secureContextOf(certificates);
  }

  /** The secure context for a new connection. Read it again for each connection. */
  get secureContext(): SecureContext {
    return this.#secureContext;
  }

  /**
   * Replaces the certificates for future connections.
   *
   * @throws TypeError if a certificate or key cannot be used; the current ones then stay in use
   */
  renew(certificates: ClientCertificates): void {
    this.#secureContext = secureContextOf(certificates);
  }
}

/**
 * Creates a secure context for TLS 1.2 and later.
 *
 * @throws TypeError if a certificate or key cannot be used
 */
function secureContextOf({ ca, cert, key }: ClientCertificates): SecureContext {
  if ((cert === undefined) !== (key === undefined)) {
    const [there, missing] = key === undefined ? ["cert", "key"] : ["key", "cert"];
    throw new TypeError(`tls.${missing} is missing: tls.${there} requires it`);
  }
  if (ca !== undefined) checkAuthorities(String(ca));
  try {
    return createSecureContext({ minVersion: "TLSv1.2", ...given({ ca, cert, key }) });
  } catch (error) {
    throw new TypeError(
      "invalid tls: expected PEM certificates in ca and cert, and a PEM key in key that belongs to cert",
      { cause: error },
    );
  }
}

/** Matches the certificates in PEM text, which may contain other text between them. */
const CERTIFICATES = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[\s\S]*?-----END \1-----/g;

/**
 * Checks that all certificates can be read. Node.js ignores those that cannot be read, and would then trust no server.
 *
 * @throws TypeError if there is no certificate, or if one cannot be read
 */
function checkAuthorities(pem: string): void {
  const certificates = pem.match(CERTIFICATES) ?? [];
  const begun = pem.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/g)?.length ?? 0;
  if (begun === 0)
    throw new TypeError("invalid tls.ca: expected at least one PEM certificate (-----BEGIN CERTIFICATE-----)");
  for (let i = 0; i < begun; i++) {
    try {
      new X509Certificate(certificates[i] ?? "");
    } catch (cause) {
      throw new TypeError(`invalid tls.ca: cannot read certificate ${i + 1} of ${begun}`, { cause });
    }
  }
}
