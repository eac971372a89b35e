import type { Metadata, TlsOptions, Transport } from "@etcd-gateway/runtime";
import type { EtcdCredentials } from "./own-session.js";
import { signedInTransport } from "./signed-in-transport.js";
import { tokenMetadata, withoutToken } from "./tokens.js";

/** Who the gateway is to etcd, and whose rights requests have. */
export interface IdentityOptions {
  readonly credentials?: EtcdCredentials | undefined;
  readonly actAs?: "caller" | "gateway" | undefined;
  readonly tls?: TlsOptions | undefined;
}

/** By what the calls of a gateway are made. */
export interface Identities {
  /** Carries the calls that requests ask for. */
  readonly requests: Transport;
  /** Carries the calls that the gateway's own program makes. */
  readonly own: Transport;
  /** Gives the metadata of a request's call. */
  readonly mapMetadata: (metadata: Metadata) => Metadata;
}

/**
 * What etcd's own gateway sends along. It makes etcd ignore the common name of the client certificate, which is the
 * gateway's: without it, a request without a token would have the rights of the user of that name.
 */
const FROM_GATEWAY: Metadata = [["grpcgateway-accept", "application/json"]];

/**
 * Decides by what calls are made. Requests are made either as their callers, who bring tokens, or as the gateway: there
 * is no mixture, in which a token that is missing would mean more rights than one that is there.
 *
 * @throws TypeError for options that cannot be used
 */
export function identities(transport: Transport, options: IdentityOptions): Identities {
  const { credentials, actAs = "caller", tls } = options;
  if (credentials !== undefined && (!isText(credentials.user) || !isText(credentials.password))) {
    throw new TypeError("bad credentials: they need a user and a password, neither of them empty");
  }
  const own = credentials === undefined ? transport : signedInTransport(transport, credentials);
  const hasCertificate = tls?.cert !== undefined;
  switch (actAs) {
    case "gateway":
      if (credentials === undefined && !hasCertificate) {
        throw new TypeError('bad actAs "gateway": it needs credentials, or a client certificate in tls');
      }
      return { requests: own, own, mapMetadata: withoutToken };
    case "caller":
      return { requests: transport, own, mapMetadata: hasCertificate ? ignoringCertificate : tokenMetadata };
    default:
      throw new TypeError(`bad actAs ${JSON.stringify(actAs)}: it must be "caller" or "gateway"`);
  }
}

function ignoringCertificate(metadata: Metadata): Metadata {
  return [...tokenMetadata(metadata), ...FROM_GATEWAY];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
