/**
 * A stand-alone server, as a basis for your own program. Without changes, it does the same as the command:
 * `npx etcd-gateway --endpoints 127.0.0.1:2379 --listen 127.0.0.1:8080`.
 *
 * Run it with `ETCD_ENDPOINTS=127.0.0.1:2379 PORT=8080 npx tsx examples/standalone/server.ts`.
 */
import { closeServer, createHttpServer, etcdGateway } from "etcd-gateway";
import express from "express";

const endpoints = (process.env["ETCD_ENDPOINTS"] ?? "127.0.0.1:2379").split(",");
const gateway = etcdGateway({
  endpoints,
  onError: (error) => {
    if (error.httpStatus >= 500) console.error(error.message, error.cause);
  },
});

const app = express();
app.use(gateway.router);

// On this server, an Express app handles several times as many requests as on the one of `app.listen()`.
const server = createHttpServer(app);
gateway.handleUpgrades(server);
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`listening on http://127.0.0.1:${address.port}`);
});

process.once("SIGTERM", () => closeServer(server, gateway));
