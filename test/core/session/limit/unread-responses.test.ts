import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import type { GatewayOptions } from "../../../../runtime/core/gateway/gateway-options.js";
import { post, RawConnection } from "../../../attacks/raw-connection.js";
import { send } from "../../../http/requests.js";
import { until } from "../../../until.js";
import type { FakeTransport } from "../../http/fake-transport.js";
import { note } from "../../http/notes.js";
import { HOSTS, type Mount, type Served, serveNotes } from "../../http/serve-notes.js";
import { serveSockets } from "../../websocket/serve-sockets.js";
import { openSocket } from "../../websocket/socket.js";
import { Clock } from "./clock.js";

const GET = "/v1/notes/get";
const LIST = "/v1/notes/list";
const MIB = 1 << 20;

/** More than the system takes of a connection that is not read. */
const large = note({ text: "x".repeat(12 * MIB) });

interface Readers extends Served {
  /** Why clients were cut off. */
  readonly reasons: string[];
  /** A client that reads nothing. */
  stalled(path: string): Promise<RawConnection>;
}

async function serve(t: TestContext, options: Partial<GatewayOptions>, mount: Mount = {}): Promise<Readers> {
  const reasons: string[] = [];
  const onError = ({ message }: GatewayError): void => void reasons.push(message);
  const served = await serveNotes(t, { onError, ...options }, mount);
  served.gateway.handleUpgrades(served.server);
  return {
    ...served,
    reasons,
    async stalled(path) {
      const connection = new RawConnection(served.port);
      t.after(() => connection.leave());
      connection.socket.pause();
      return connection.send(post(path, "{}"));
    },
  };
}

for (const host of HOSTS) {
  test(`clients that do not read their responses take no places of others (${host})`, async (t) => {
    const { transport, port, stalled } = await serve(t, { limits: { maxInFlight: 2 } }, { host });
    for (let i = 0; i < 4; i++) {
      await stalled(GET);
      (await transport.nextUnary()).respond(large);
    }
    const sent = send(port, GET, "{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200);
  });
}

test("a client that reads nothing is cut off in time, one that reads slowly is not", async (t) => {
  const clock = new Clock(t);
  const { transport, reasons, stalled } = await serve(t, { timeouts: { stall: 2_000 } });
  const none = await stalled(GET);
  const cut = once(none.socket, "close");
  (await transport.nextUnary()).respond(large);
  const stream = await stalled(LIST);
  const call = await transport.nextStream();
  while (!call.paused) {
    call.respond(note({ text: "x".repeat(MIB) }));
    await new Promise(setImmediate);
  }
  const slow = await stalled(GET);
  (await transport.nextUnary()).respond(note({ text: "x".repeat(64 * MIB) }));
  // Sixteen mebibytes now and then, which the system cannot take from elsewhere than the gateway. They take it longer
  // than the limit.
  let total = 0;
  let enough = 0;
  slow.socket.removeAllListeners("data").on("data", ({ length }) => {
    total += length;
    if (total >= enough) slow.socket.pause();
  });
  for (enough = 16 * MIB; enough <= 64 * MIB; enough += 16 * MIB) {
    slow.socket.resume();
    await until(() => total >= enough || slow.isClosed, "the client has read enough");
    clock.pass(1_000);
  }
  assert.equal(slow.isClosed, false);
  await call.canceled;
  none.socket.resume();
  stream.socket.resume();
  await cut;
  assert.equal(none.responses[0]?.isComplete, false);
  assert.deepEqual(reasons, Array(2).fill("the client has read nothing for 2000 ms"));
});

test("a socket that reads nothing is disconnected in time, although it is pinged", async (t) => {
  const clock = new Clock(t);
  const reasons: string[] = [];
  const onError = ({ message }: GatewayError): void => void reasons.push(message);
  const { transport, port } = await serveSockets(
    t,
    { timeouts: { stall: 2_000 }, onError },
    {},
    { pingInterval: 1_500 },
  );
  const socket = await openSocket(t, port, LIST);
  socket.send("{}");
  const call = await transport.nextStream();
  socket.ws.pause();
  while (!call.paused) {
    call.respond(note({ text: "x".repeat(MIB) }));
    await new Promise(setImmediate);
  }
  for (let passed = 0; passed < 2_500; passed += 500) {
    clock.pass(500);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  await call.canceled;
  assert.deepEqual(reasons, ["the client has read nothing for 2000 ms"]);
});

const text = "x".repeat(10_000);
const SHORT_RESPONSES: readonly (readonly [
  what: string,
  path: string,
  respond: (transport: FakeTransport) => Promise<void>,
])[] = [
  ["responses", GET, async (transport) => (await transport.nextUnary()).respond(note({ text }))],
  ["errors", GET, async (transport) => (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "none"))],
  ["errors without a call", "/v1/none", async () => {}],
];
for (const [what, path, respond] of SHORT_RESPONSES) {
  test(`a client that pipelines requests and reads nothing is cut off, however short its ${what}`, {
    timeout: 60_000,
  }, async (t) => {
    const clock = new Clock(t);
    const { server, transport, reasons, stalled } = await serve(t, {
      timeouts: { stall: 2_000 },
      responses: { error: () => ({ body: { text } }) },
    });
    const accepted = once(server, "connection");
    const client = await stalled(path);
    const [connection] = await accepted;
    client.socket.write(post(path, "{}").repeat(5_000));
    while (!connection.destroyed) {
      if (transport.waiting > 0) await respond(transport);
      else if (connection.writableLength > 0) clock.pass(500);
      await new Promise(setImmediate);
    }
    assert.equal(reasons.at(-1), "the client has read nothing for 2000 ms");
  });
}

test("a client that reads nothing of short streams is cut off, although they are complete", {
  timeout: 60_000,
}, async (t) => {
  const clock = new Clock(t);
  const { server, transport, reasons, stalled } = await serve(t, { timeouts: { stall: 2_000 } });
  const accepted = once(server, "connection");
  const client = await stalled(LIST);
  const [connection] = await accepted;
  while (!connection.destroyed) {
    if (connection.writableLength > 0) {
      clock.pass(500);
    } else {
      const call = await transport.nextStream();
      call.respond(note({ text }));
      call.finish();
      client.socket.write(post(LIST, "{}"));
    }
    await new Promise(setImmediate);
  }
  assert.equal(reasons.at(-1), "the client has read nothing for 2000 ms");
});

test("a stream without anything to read is no stalled one", async (t) => {
  const clock = new Clock(t);
  const { transport, reasons, stalled } = await serve(t, { timeouts: { stall: 100 } });
  const quiet = await stalled(LIST);
  const call = await transport.nextStream();
  call.respond(note({ text: "first" }));
  clock.pass(500);
  call.respond(note({ text: "second" }));
  quiet.socket.resume();
  await quiet.until(({ bodies }) => bodies[0]?.includes("second") === true);
  assert.deepEqual(reasons, []);
});

test("beyond the most bytes the client that has read nothing for longest is cut off, for unary calls and streams", async (t) => {
  const { transport, port, reasons, stalled } = await serve(t, {
    limits: { maxUnread: 30 * MIB },
    timeouts: { stall: 0 },
  });
  const clients: RawConnection[] = [];
  for (let i = 0; i < 2; i++) {
    clients.push(await stalled(GET));
    (await transport.nextUnary()).respond(large);
  }
  // No client may be cut off yet.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(reasons, []);
  await stalled(GET);
  (await transport.nextUnary()).respond(large);
  await until(() => reasons.length === 1, "a client is disconnected");
  assert.match(reasons[0] ?? "", /more than 31457280 bytes of unread responses/);
  clients[0]?.socket.resume();
  await until(() => clients[0]?.isClosed === true, "the first client is disconnected");
  assert.equal(clients[1]?.isClosed, false);

  const socket = await openSocket(t, port, LIST);
  socket.ws.pause();
  socket.send("{}");
  const call = await transport.nextStream();
  while (!call.paused) {
    call.respond(note({ text: "x".repeat(MIB) }));
    await new Promise(setImmediate);
  }
  for (let i = 0; i < 3; i++) {
    await stalled(GET);
    (await transport.nextUnary()).respond(large);
  }
  await call.canceled;
});

test("a response that is longer than the most bytes is served if it is the only one", async (t) => {
  const { transport, port, reasons } = await serve(t, { limits: { maxUnread: MIB } });
  const sent = send(port, GET, "{}");
  (await transport.nextUnary()).respond(large);
  assert.equal((await sent).status, 200);
  assert.deepEqual(reasons, []);
});
