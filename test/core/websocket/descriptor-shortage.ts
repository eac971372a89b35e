// Opens a WebSocket while no file descriptor is left, and another when there are some again; writes both status lines.
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { FakeTransport } from "../http/fake-transport.js";
import { notes } from "../http/notes.js";

const gateway = createGateway({ services: [notes], transport: new FakeTransport() });
const server = createServer(gateway.router);
gateway.handleUpgrades(server);
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

async function connected(): Promise<Socket> {
  const accepted = once(server, "connection");
  const socket = connect(port, "127.0.0.1");
  await Promise.all([accepted, once(socket, "connect")]);
  return socket;
}

async function statusLine(socket: Socket): Promise<string> {
  socket.write(
    "GET /v1/notes/chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  const [answer]: [Buffer] = await new Promise((resolve) => socket.once("data", (data) => resolve([data])));
  return answer.toString("latin1").split("\r\n", 1)[0] ?? "";
}

const [first, second] = [await connected(), await connected()];
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  // None is left.
}
const short = await statusLine(first);
for (const descriptor of taken) closeSync(descriptor);
const enough = await statusLine(second);
process.stdout.write(JSON.stringify([short, enough]));
process.exit();
