import type { Metadata, Transport } from "@etcd-gateway/runtime";
import type { Secrets } from "./secrets.js";
import { signedInTransport } from "./signed-in-transport.js";
import { tokenMetadata, withoutToken } from "./tokens.js";

/** The transports and the metadata function that determine whose rights the calls of a gateway have. */
export interface Identities {
  /** Carries the calls that clients request. */
  readonly requests: Transport;
  /** Carries the calls of the gateway's own program. */
  readonly own: Transport;
  /** Returns the metadata of a request's call. */
  readonly mapMetadata: (metadata: Metadata) => Metadata;
}

/**
 * The metadata that etcd's own gateway adds. It makes etcd ignore the common name of the client certificate, which
 * belongs to the gateway. Without it, a request without a token would have the rights of the user with that name.
 */
const FROM_GATEWAY: Metadata = [["grpcgateway-accept", "application/json"]];

/**
 * Chooses the identity of calls. Requests act either as their callers, who send tokens, or as the gateway. The two are
 * never mixed, because a missing token would then give more rights than a token.
 *
 * @throws TypeError if the gateway should act for all requests but has neither credentials nor a client certificate
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
    throw new TypeError('invalid access.actAs "gateway": set access.credentials, or a client certificate in tls.cert');
  }
  return { requests: own, own, mapMetadata: withoutToken };
}

function ignoringCertificate(metadata: Metadata): Metadata {
  return [...tokenMetadata(metadata), ...FROM_GATEWAY];
}
