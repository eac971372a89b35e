// Opens a WebSocket while no file descriptor is free, and another one when descriptors are free again. Prints both
// status lines.
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { askWithoutDescriptors } from "../../faults/ask-without-descriptors.js";
import { FakeTransport } from "../http/fake-transport.js";
import { notes } from "../http/notes.js";

const gateway = createGateway({ services: [notes], transport: new FakeTransport() });
const server = createServer(gateway.router);
gateway.handleUpgrades(server);

async function statusLine(socket: Socket): Promise<string> {
  socket.write(
    "GET /v1/notes/chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  const [answer]: [Buffer] = await new Promise((resolve) => socket.once("data", (data) => resolve([data])));
  return answer.toString("latin1").split("\r\n", 1)[0] ?? "";
}

process.stdout.write(JSON.stringify(await askWithoutDescriptors(server, statusLine)));
process.exit();
