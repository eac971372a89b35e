import { type GrpcTransport, grpcTransport, type TlsOptions } from "@etcd-gateway/runtime";
import { given, readOptions, TLS_CERTIFICATES, type TlsSettings } from "@etcd-gateway/runtime/options";
import { trusted } from "@etcd-gateway/runtime/transports";
import type { EtcdCredentials } from "../options/etcd-gateway-options.js";
import { CREDENTIALS, type EtcdGatewaySettings } from "../options/etcd-gateway-settings.js";
import { repeatingTransport } from "../streams/repeating-transport.js";
import { UserSessions } from "./user-session.js";

/**
 * The certificates and credentials with which a gateway identifies itself to etcd. They can be replaced while calls are
 * in progress.
 */
export class Secrets {
  /** Carries calls over the gateway's connections. */
  readonly connections: GrpcTransport;
  /** The sessions of the gateway's own user, if it has one. */
  readonly sessions: UserSessions | undefined;
  #tls: TlsSettings | undefined;

  constructor({ endpoints, channel, tls, access, timeouts }: EtcdGatewaySettings) {
    this.#tls = tls;
    this.connections = grpcTransport({
      endpoints,
      channel,
      connectTimeout: timeouts.connect,
      ...(tls !== undefined && { tls: given(tls) }),
    });
    const repeating = trusted(repeatingTransport(this.connections));
    this.sessions = access.credentials && new UserSessions(repeating, access.credentials);
  }

  /** The TLS settings of new connections to etcd. */
  get tls(): TlsSettings | undefined {
    return this.#tls;
  }

  /** Whether the gateway sends a client certificate to etcd. */
  get hasCertificate(): boolean {
    return this.#tls?.cert !== undefined;
  }

  /**
   * Replaces the certificates for new connections.
   *
   * @throws TypeError if they are invalid, if the gateway does not use TLS, or if a client certificate would be added
   * or removed, because its presence determines the rights of requests
   */
  setSecureContext(tls: Omit<TlsOptions, "serverName">): void {
    const read = readOptions(TLS_CERTIFICATES, tls, "setSecureContext");
    if ((read.cert !== undefined) !== this.hasCertificate) {
      const change = this.hasCertificate ? "the gateway has one" : "the gateway has none";
      throw new TypeError(
        `invalid tls.cert: a client certificate cannot be added or removed while the gateway runs: ${change}`,
      );
    }
    this.connections.setSecureContext(given(read));
    this.#tls = { ...read, serverName: this.#tls?.serverName };
  }

  /**
   * Replaces the user and password for later sign-ins.
   *
   * @throws TypeError if they are invalid, or if the gateway was made without credentials
   */
  setCredentials(credentials: EtcdCredentials): void {
    const read = CREDENTIALS.readArgument(credentials, "access.credentials");
    if (read === undefined || this.sessions === undefined) {
      throw new TypeError(
        "invalid access.credentials: the gateway was created without credentials: create it with access.credentials",
      );
    }
    this.sessions.setCredentials(read);
  }
}
