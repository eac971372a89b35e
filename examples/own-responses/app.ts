/**
 * An app that changes the responses of etcd's JSON API: errors are problem details (RFC 9457), a header contains etcd's
 * revision, and the app handles unknown paths.
 */
import { type EtcdGateway, etcdGateway, type GatewayResponses } from "etcd-gateway";
import { services } from "etcd-gateway/generated";
import express, { type Express } from "express";

const responses: GatewayResponses = {
  error: (error, { rpc }) => ({
    headers: { "Content-Type": "application/problem+json" },
    body: { title: error.message, status: error.httpStatus, instance: rpc },
  }),
  success: (response) => {
    const range = response.messageOf(services.kv.rpcs.range);
    if (range === undefined) return undefined;
    const [only, ...more] = range.kvs;
    return {
      headers: {
        "X-Etcd-Revision": range.header?.revision.toString(),
        ETag: only !== undefined && more.length === 0 ? `"${only.mod_revision}"` : undefined,
      },
    };
  },
  headerName: (key) => (key === "x-request-id" ? "X-Request-Id" : undefined),
  unknownRoute: (_error, _req, _res, next) => next(),
};

/** Builds the app. The caller starts the server, and closes the gateway on shutdown. */
export function createApp(endpoints: readonly string[]): { readonly app: Express; readonly gateway: EtcdGateway } {
  const gateway = etcdGateway({ endpoints, responses });
  const app = express();
  app.use(gateway.router);
  app.use((req, res) => {
    res.status(404).json({ title: "there is no such page", instance: req.path });
  });
  return { app, gateway };
}
