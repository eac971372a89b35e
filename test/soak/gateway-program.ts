/*
 * A gateway in a process of its own, so that its memory and its file descriptors are not mixed with those of its
 * clients. The arguments are the kind of channel and the endpoints. Each message to it asks for its resources.
 */

import { once } from "node:events";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { createHttpServer, etcdGateway } from "etcd-gateway";
import { heapUsed } from "../faults/heap-used.js";
import { urlOf } from "../server-address.js";

const [, , channel, ...endpoints] = process.argv;
const gateway = etcdGateway({ channel: channel === "lean" ? "lean" : "grpc-js", endpoints });
const server = createHttpServer(gateway.router);
gateway.handleUpgrades(server);
server.listen(0, "127.0.0.1");
await once(server, "listening");
const connections = promisify(server.getConnections.bind(server));

process.on("message", async () => {
  const heap = await heapUsed();
  const files = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  process.send?.({ connections: await connections(), files, heap });
});
process.on("disconnect", () => process.exit());
process.send?.({ url: urlOf(server) });
