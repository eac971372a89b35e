// Asks for the page while no file descriptor is left, and again when there are some; writes both statuses.
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { explorer } from "@etcd-gateway/explorer";

const server = createServer(explorer());
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

async function connected(): Promise<Socket> {
  const accepted = once(server, "connection");
  const socket = connect(port, "127.0.0.1");
  await Promise.all([accepted, once(socket, "connect")]);
  return socket;
}

async function status(socket: Socket): Promise<number | undefined> {
  const sent = request({ port, path: "/", createConnection: () => socket }).end();
  const [response] = await once(sent, "response");
  return response.statusCode;
}

const [first, second] = [await connected(), await connected()];
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  // None is left.
}
const short = await status(first);
for (const descriptor of taken) closeSync(descriptor);
const enough = await status(second);
process.stdout.write(JSON.stringify([short, enough]));
process.exit();
