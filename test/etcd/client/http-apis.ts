import { once } from "node:events";
import type { Server } from "node:http";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express from "express";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { ETCD_VERSIONS, type EtcdVersion } from "../../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { urlOf } from "../../server-address.js";

/** A server of etcd's HTTP API: etcd's own gateway, or ours. */
export interface HttpApi {
  readonly name: string;
  readonly baseUrl: string;
  readonly etcd: EtcdServer;
  stop(): Promise<void>;
}

/** The gateway families that the client supports. */
export const HTTP_APIS: Readonly<Record<string, () => Promise<HttpApi>>> = {
  "this gateway, mounted under /etcd": () => gatewayApi(),
  ...Object.fromEntries(ETCD_VERSIONS.map((version) => [`etcd ${version}'s own gateway`, () => ownApi(version)])),
};

/** Starts an etcd with our gateway. */
export async function gatewayApi(
  options: Parameters<typeof startEtcd>[0] = {},
): Promise<HttpApi & { readonly server: Server; readonly gateway: EtcdGateway }> {
  const etcd = await startEtcd(options);
  const gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
  const app = express();
  app.use("/etcd", gateway.router);
  const server = app.listen(0, "127.0.0.1");
  gateway.handleUpgrades(server);
  await once(server, "listening");
  return {
    name: "gateway",
    baseUrl: `${urlOf(server)}/etcd`,
    etcd,
    server,
    gateway,
    async stop() {
      server.close();
      await gateway.close(0);
      server.closeAllConnections();
      await etcd.stop();
    },
  };
}

async function ownApi(version: EtcdVersion): Promise<HttpApi> {
  const etcd = await startEtcd({ version });
  return { name: version, baseUrl: etcd.url, etcd, stop: () => etcd.stop() };
}
