/**
 * etcd's JSON API whose responses are this app's own: errors as problem details (RFC 9457), the revision of etcd as a header,
 * and unknown paths left to the app.
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

/** Builds the app; the caller listens, and closes the gateway on shutdown. */
export function createApp(endpoints: readonly string[]): { readonly app: Express; readonly gateway: EtcdGateway } {
  const gateway = etcdGateway({ endpoints, responses });
  const app = express();
  app.use(gateway.router);
  app.use((req, res) => {
    res.status(404).json({ title: "there is no such page", instance: req.path });
  });
  return { app, gateway };
}
