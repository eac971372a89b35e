import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttps } from "node:https";
import { after, before, test } from "node:test";
import { connect, createServer, type TLSSocket } from "node:tls";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import { SlowReader } from "../../../../runtime/core/session/limit/slow-reader.js";
import { post } from "../../../attacks/raw-connection.js";
import { type Certificates, makeCertificates } from "../../../etcd-server/certificates.js";
import { listen } from "../../../http/listen.js";
import { FakeTransport } from "../../http/fake-transport.js";
import { note, notes } from "../../http/notes.js";

const MIB = 1 << 20;

let certificates: Certificates;
before(async () => {
  certificates = await makeCertificates();
});
after(() => certificates.remove());

function keyPair(): { cert: Buffer; key: Buffer } {
  const { cert, key } = certificates.server;
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

/** Opens a connection that reads nothing. */
async function open(port: number): Promise<TLSSocket> {
  const client = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  client.on("error", () => {});
  await once(client, "secureConnect");
  client.pause();
  return client;
}

test("a client that reads a long write over TLS makes progress", { timeout: 60_000 }, async (t) => {
  const server = createServer(keyPair());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const connected = once(server, "secureConnection");
  const client = await open(address.port);
  const [connection]: TLSSocket[] = await connected;
  assert.ok(connection !== undefined);
  t.after(() => {
    client.destroy();
    connection.destroy();
    server.close();
  });
  connection.on("error", () => {});
  connection.write(Buffer.alloc(64 * MIB));
  await new Promise(setImmediate);
  const reader = new SlowReader(connection, () => {});
  let now = reader.takenAt;
  let total = 0;
  let enough = 0;
  client.on("data", ({ length }) => {
    total += length;
    if (total >= enough) client.pause();
  });
  // More than the system takes of a connection.
  for (enough = 16 * MIB; enough <= 48 * MIB; enough += 16 * MIB) {
    client.resume();
    while (total < enough) await new Promise(setImmediate);
    now += 1_000;
    reader.look(now);
    assert.equal(reader.takenAt, now);
  }
});

for (const [path, what] of [
  ["/v1/notes/get", "a unary response"],
  ["/v1/notes/list", "a stream"],
]) {
  test(`unread data over TLS counts twice, because it is in memory twice: ${what}`, { timeout: 60_000 }, async (t) => {
    const transport = new FakeTransport();
    const reasons: string[] = [];
    const gateway = createGateway({
      services: [notes],
      transport,
      // More than both responses take once.
      limits: { maxUnread: 30 * MIB },
      timeouts: { stall: 0 },
      onError: ({ message }) => void reasons.push(message),
    });
    const server = createHttps(keyPair(), gateway.router);
    const port = await listen(t, server);
    const isUnary = path === "/v1/notes/get";
    // HTTP/1.0 has no slices.
    const request = post(path ?? "", "{}").replace("HTTP/1.1", isUnary ? "HTTP/1.0" : "HTTP/1.1");
    for (let i = 0; i < 2; i++) {
      const client = await open(port);
      t.after(() => client.destroy());
      client.write(request);
      const message = note({ text: "x".repeat(12 * MIB) });
      if (isUnary) (await transport.nextUnary()).respond(message);
      else (await transport.nextStream()).respond(message);
    }
    while (reasons.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.match(reasons[0] ?? "", /bytes of unread responses/);
  });
}
