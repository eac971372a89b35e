/**
 * An app that gives each client the rights of one etcd user: the user whose name is the common name in the client's
 * certificate. etcd's own gateway ignores these names.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express, { type Express } from "express";

/** Options of the app. */
export interface AppOptions {
  /** etcd's endpoints, as `host:port`. */
  readonly endpoints: readonly string[];
  /** The passwords of etcd's users, by user name. Clients do not need to know them. */
  readonly passwords: ReadonlyMap<string, string>;
}

/**
 * Builds the app. The server must request certificates:
 * `createHttpServer(app, { tls: { requestCert: true, ...pem } })`. The caller closes the gateways on shutdown.
 */
export function createApp({ endpoints, passwords }: AppOptions): {
  readonly app: Express;
  readonly gateways: readonly EtcdGateway[];
} {
  const byUser = new Map<string | undefined, EtcdGateway>();
  for (const [user, password] of passwords) {
    byUser.set(user, etcdGateway({ endpoints, access: { actAs: "gateway", credentials: { user, password } } }));
  }
  const app = express();
  app.use((req, res, next) => {
    const gateway = byUser.get(userOf(req.socket));
    if (gateway === undefined) res.status(401).json({ code: 16, message: "no user of etcd has this certificate" });
    else gateway.router(req, res, next);
  });
  return { app, gateways: [...byUser.values()] };
}

/** Returns the common name in a certificate that the server has verified. */
function userOf(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket && socket.authorized)) return undefined;
  const { CN: name } = socket.getPeerCertificate().subject;
  return typeof name === "string" ? name : undefined;
}
