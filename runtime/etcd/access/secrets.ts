import { type GrpcTransport, grpcTransport, type TlsOptions } from "@etcd-gateway/runtime";
import { given, type TlsSettings } from "@etcd-gateway/runtime/options";
import type { EtcdCredentials } from "../options/etcd-gateway-options.js";
import { CREDENTIALS, type EtcdGatewaySettings } from "../options/etcd-gateway-settings.js";
import { OwnSessions } from "./own-session.js";

/** What a gateway proves to etcd who it is by. All of it can be renewed while calls are under way. */
export class Secrets {
  /** Carries calls over the gateway's connections. */
  readonly connections: GrpcTransport;
  /** The gateway signed in as a user of its own, if it has one. */
  readonly sessions: OwnSessions | undefined;
  #tls: TlsSettings | undefined;

  constructor({ endpoints, channel, tls, access, timeouts }: EtcdGatewaySettings) {
    this.#tls = tls;
    this.connections = grpcTransport({
      endpoints,
      channel,
      connectTimeout: timeouts.connect,
      ...(tls !== undefined && { tls: given(tls) }),
    });
    this.sessions = access.credentials && new OwnSessions(this.connections, access.credentials);
  }

  /** The TLS that connections to etcd begin with now. */
  get tls(): TlsSettings | undefined {
    return this.#tls;
  }

  /** Whether etcd sees a client certificate. */
  get hasCertificate(): boolean {
    return this.#tls?.cert !== undefined;
  }

  /**
   * Takes other certificates, for connections that begin from now on.
   *
   * @throws TypeError if they cannot be used, there is no TLS, or a client certificate came or went: whether there is one
   *     decides what rights requests have
   */
  setSecureContext(tls: Omit<TlsOptions, "serverName">): void {
    if ((tls.cert !== undefined) !== this.hasCertificate) {
      const change = this.hasCertificate ? "there was one before" : "there was none before";
      throw new TypeError(`bad tls.cert: a client certificate cannot come or go with the gateway running; ${change}`);
    }
    this.connections.setSecureContext(tls);
    const { ca, cert, key } = tls;
    this.#tls = { ca, cert, key, serverName: this.#tls?.serverName };
  }

  /**
   * Takes another user or password, for sign-ins from now on.
   *
   * @throws TypeError if they cannot be used, or there were none
   */
  setCredentials(credentials: EtcdCredentials): void {
    const read = CREDENTIALS.readArgument(credentials, "access.credentials");
    if (read === undefined || this.sessions === undefined) {
      throw new TypeError("bad access.credentials: only those that the gateway was made with can be replaced");
    }
    this.sessions.setCredentials(read);
  }
}
