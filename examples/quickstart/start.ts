// npm start: a gateway in an Express app, in front of a real etcd server.
import { once } from "node:events";
import type { Server } from "node:http";
import { etcdGateway } from "etcd-gateway";
import express from "express";
import { curlLines } from "./curl-lines.js";
import { startLocalEtcd } from "./local-etcd.js";
import { help, readSettings, type Settings } from "./settings.js";

let settings: Settings | undefined;
try {
  settings = readSettings(process.argv.slice(2), process.env);
} catch (error) {
  console.error(messageOf(error));
  process.exit(2);
}
if (settings === undefined) console.log(help);
else {
  await serve(settings).catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
}

async function serve({ endpoints, host, port }: Settings): Promise<void> {
  const etcd = endpoints.length === 0 ? await startLocalEtcd((step) => console.log(`etcd: ${step}`)) : undefined;
  if (etcd === undefined) console.log(`etcd: ${endpoints.join(", ")}, as told`);
  else console.log(`etcd: ${etcd.version} serves on ${etcd.endpoint}; its data goes when it stops`);

  const gateway = etcdGateway({ endpoints: etcd === undefined ? endpoints : [etcd.endpoint] });
  const app = express();
  app.use(gateway.router);
  const server = app.listen(port, host);

  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    server.close();
    await gateway.close();
    server.closeAllConnections();
    await etcd?.stop();
  }

  await once(server, "listening").catch(async (error: unknown) => {
    await stop();
    throw new Error(
      `the gateway cannot listen: ${messageOf(error)}. Choose another port: npm start -- --listen ${host}:0`,
    );
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  const url = urlOf(server, host);
  console.log(`gateway: ${url}\n\nTry, in another terminal:\n\n${curlLines(url)}\nCtrl-C stops.`);

  const log = await etcd?.ended;
  if (log !== undefined && !isStopping) {
    await stop();
    throw new Error(`the etcd server has ended; the end of its log:\n${log}`);
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : "";
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
