import { once } from "node:events";
import type { Server } from "node:http";
import { type EtcdGatewayOptions, etcdGateway } from "etcd-gateway";
import express from "express";
import { TEST_CHANNEL } from "../core/transport/channels.js";
import { urlOf } from "../server-address.js";

/** A gateway in its own Express app. */
export interface TestGateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Mounts the gateway at the root of an Express app that listens on a free port. */
export async function startGateway(options: EtcdGatewayOptions): Promise<TestGateway> {
  const gateway = etcdGateway({ channel: TEST_CHANNEL, ...options });
  const app = express();
  app.use(gateway.router);
  const server: Server = app.listen(0, "127.0.0.1");
  gateway.handleUpgrades(server);
  await once(server, "listening");
  return {
    url: urlOf(server),
    async close() {
      server.close();
      await gateway.close(0);
      server.closeAllConnections();
    },
  };
}
