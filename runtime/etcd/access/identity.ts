import type { Metadata, Transport } from "@etcd-gateway/runtime";
import type { Secrets } from "./secrets.js";
import { signedInTransport } from "./signed-in-transport.js";
import { tokenMetadata, withoutToken } from "./tokens.js";

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
 * @throws TypeError if the gateway is to act for all, and is nobody
 */
export function identities(
  { connections, sessions, hasCertificate }: Secrets,
  actAs: "caller" | "gateway",
): Identities {
  const own = sessions === undefined ? connections : signedInTransport(connections, sessions);
  if (actAs === "caller") {
    return { requests: connections, own, mapMetadata: hasCertificate ? ignoringCertificate : tokenMetadata };
  }
  if (sessions === undefined && !hasCertificate) {
    throw new TypeError('bad access.actAs "gateway": it needs access.credentials, or a client certificate in tls');
  }
  return { requests: own, own, mapMetadata: withoutToken };
}

function ignoringCertificate(metadata: Metadata): Metadata {
  return [...tokenMetadata(metadata), ...FROM_GATEWAY];
}
