import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { test } from "node:test";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import { createHttpServer } from "../../../../runtime/core/server/http-server.js";
import { post, RawConnection } from "../../../attacks/raw-connection.js";
import { listen } from "../../../http/listen.js";
import { openSocket } from "../../websocket/socket.js";
import { FakeTransport } from "../fake-transport.js";
import { note, notes } from "../notes.js";

/** The two ends of a connection. */
interface Ports {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** Whether the system asks now and then if the other side of a connection is there, once all that was sent has arrived. */
async function isKeptAlive({ localPort, remotePort }: Ports): Promise<boolean> {
  const address = (port = 0): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (;;) {
    const rows = readFileSync("/proc/net/tcp", "latin1").split("\n").slice(1);
    const row = rows
      .map((line) => line.trim().split(/\s+/))
      .find(([, local, remote]) => local === address(localPort) && remote === address(remotePort));
    assert.ok(row, "there is no such connection");
    // The kind of timer: 0 none, 1 for sending again, 2 for asking.
    const kind = row[5]?.slice(0, 2);
    if (kind !== "01") return kind === "02";
    await new Promise(setImmediate);
  }
}

/** The other end of a connection. */
function otherEnd({ localPort, remotePort }: Ports): Ports {
  return { localPort: remotePort, remotePort: localPort };
}

const isLinux = process.platform === "linux";
const LIST = "/v1/notes/list";

test("the system asks whether clients of createHttpServer are there", { skip: !isLinux }, async (t) => {
  const gateway = createGateway({ services: [notes], transport: new FakeTransport() });
  const port = await listen(t, createHttpServer(gateway.router));
  const connection = await new RawConnection(port).send(post("/v1/none", "{}"));
  t.after(() => connection.leave());
  await connection.answers(1);
  assert.equal(await isKeptAlive(otherEnd(connection.socket)), true);
});

test("under any other server it asks whether clients of streams are there", { skip: !isLinux }, async (t) => {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport });
  const server = createServer(gateway.router);
  gateway.handleUpgrades(server);
  const port = await listen(t, server);
  const unary = await new RawConnection(port).send(post("/v1/none", "{}"));
  t.after(() => unary.leave());
  await unary.answers(1);
  assert.equal(await isKeptAlive(otherEnd(unary.socket)), false, "this test sees no difference");

  const stream = await new RawConnection(port).send(post(LIST, "{}"));
  t.after(() => stream.leave());
  (await transport.nextStream()).respond(note({ text: "one" }));
  await stream.until(({ bodies }) => bodies[0]?.includes("one") === true);
  assert.equal(await isKeptAlive(otherEnd(stream.socket)), true, "of a stream");

  const sockets: Socket[] = [];
  server.on("upgrade", ({ socket }) => sockets.push(socket));
  await openSocket(t, port, "/v1/notes/chat");
  const [socket] = sockets;
  assert.ok(socket);
  assert.equal(await isKeptAlive(socket), true, "of a WebSocket");
});
