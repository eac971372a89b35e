import { once } from "node:events";
import { apiDescriptions, createHttpServer, type EtcdGateway, etcdGateway, GatewayError } from "etcd-gateway";
import type { RangeResponse } from "etcd-gateway/generated";
import express from "express";

const gateway: EtcdGateway = etcdGateway({ endpoints: ["127.0.0.1:1"], timeouts: { connect: 50 } });
const app = express();
app.use("/etcd", gateway.router);
app.use("/etcd", apiDescriptions());

const server = createHttpServer(app).listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (typeof address !== "object" || address === null) throw new Error("no port");
const url = `http://127.0.0.1:${address.port}`;

for (const path of ["openapi.json", "rpc.swagger.json", "v3/none"]) {
  console.log(path, (await fetch(`${url}/etcd/${path}`)).status);
}
const range = await fetch(`${url}/etcd/v3/kv/range`, { method: "POST", body: "{}" });
console.log("range", range.status, range.headers.get("content-type"));

const typed: Promise<RangeResponse> = gateway.client.kv.range({ key: Buffer.from("foo") });
console.log("typed", await typed.catch((error: unknown) => error instanceof GatewayError));

await gateway.close();
server.close();
