import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { post, RawConnection } from "../attacks/raw-connection.js";
import { note } from "../core/http/notes.js";
import { serveSockets } from "../core/websocket/serve-sockets.js";
import { openSocket, type Socket } from "../core/websocket/socket.js";
import { send } from "../http/requests.js";

const MIB = 1 << 20;

/** What the gateway may hold: two of the requests below, but not three. */
const LIMIT = 6 * MIB;
const FIT = 2;
const CLIENTS = 6;

const TEXT = "x".repeat(2.75 * MIB);
const BODY = `{"text":"${TEXT}"}`;
/** All but the last byte. */
const PART = BODY.slice(0, -1);

const REASON = `the gateway holds more than ${LIMIT} bytes of incomplete or waiting requests, and this one began first`;

/** A client that has sent its request except for the end. */
interface Stalled {
  /** Waits until the request has been rejected. */
  readonly rejected: Promise<void>;
  /** Sends the end of the request. */
  finish(): void;
}

/** How clients send a request without its end. */
const REQUESTS: Readonly<Record<string, (t: TestContext, port: number) => Promise<Stalled>>> = {
  "unary bodies": (t, port) => stalledBody(t, port, "/v1/notes/get"),
  "bodies of server streams": (t, port) => stalledBody(t, port, "/v1/notes/list"),
  "messages of request streams": (t, port) => stalledBody(t, port, "/v1/notes/chat"),
  "frames of WebSockets": (t, port) =>
    stalledSocket(t, port, (socket) => {
      const bytes = Buffer.from(BODY);
      socket.ws.send(bytes.subarray(0, -1), { fin: false });
      return () => socket.ws.send(bytes.subarray(-1), { fin: true });
    }),
  "messages of several WebSocket frames": (t, port) =>
    stalledSocket(t, port, (socket) => {
      for (let at = 0; at < PART.length; at += 32 * 1024) socket.send(PART.slice(at, at + 32 * 1024));
      return () => socket.send("}");
    }),
};

for (const [kind, stall] of Object.entries(REQUESTS)) {
  test(`requests that stay incomplete hold no more than the limit, and keep out no others: ${kind}`, {
    timeout: 90_000,
  }, async (t) => {
    const { transport, port } = await serveSockets(t, { limits: { maxIncomplete: LIMIT } });
    const clients: Stalled[] = [];
    const rejected = new Set<Stalled>();
    for (let i = 0; i < CLIENTS; i++) {
      const client = await stall(t, port);
      clients.push(client);
      client.rejected.then(() => rejected.add(client)).catch(() => {});
    }
    const end = Date.now() + 60_000;
    while (rejected.size < CLIENTS - FIT) {
      assert.ok(Date.now() < end, `${rejected.size} requests were rejected`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // Requests that arrive in full are served, large and small ones.
    for (const body of [BODY, "{}"]) {
      const sent = send(port, "/v1/notes/get", body);
      (await transport.nextUnary()).respond(note({}));
      assert.equal((await sent).status, 200);
    }
    for (const client of rejected) await client.rejected;
    const rest = clients.filter((client) => !rejected.has(client));
    assert.ok(rest.length > 0, "the last ones were rejected");
    for (const client of rest) client.finish();
    for (const _ of rest) await (kind === "unary bodies" ? transport.nextUnary() : transport.nextStream());
  });
}

/** How clients send requests to calls that accept no more. */
const WAITING: Readonly<Record<string, (t: TestContext, port: number) => Promise<() => Promise<unknown>>>> = {
  "a large message over HTTP": async (t, port) => {
    const connection = new RawConnection(port);
    t.after(() => connection.leave());
    await connection.send(post("/v1/notes/chat", BODY));
    return async () => JSON.parse((await connection.answers(1)).bodies[0] ?? "");
  },
  "a large message on a WebSocket": waitingFrame(BODY),
  "a frame of many messages on a WebSocket": waitingFrame('{"text":"x"}'.repeat(TEXT.length / 12)),
};

for (const [kind, send] of Object.entries(WAITING)) {
  test(`requests whose calls accept no more hold no more than the limit: ${kind}`, { timeout: 90_000 }, async (t) => {
    const { transport, port } = await serveSockets(t, { limits: { maxIncomplete: LIMIT } });
    transport.full = true;
    const rejections: Promise<unknown>[] = [];
    let rejected = 0;
    for (let i = 0; i < CLIENTS; i++) {
      const rejection = (await send(t, port))();
      rejection.then(() => rejected++).catch(() => {});
      rejections.push(rejection);
      await transport.nextStream();
    }
    const end = Date.now() + 60_000;
    while (rejected < CLIENTS - FIT) {
      assert.ok(Date.now() < end, `${rejected} requests were rejected`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const rejection of rejections.slice(0, CLIENTS - FIT)) {
      assert.deepEqual(await rejection, { error: { code: 14, message: REASON } });
    }
  });
}

function waitingFrame(frame: string): (t: TestContext, port: number) => Promise<() => Promise<unknown>> {
  return async (t, port) => {
    const socket = await openSocket(t, port, "/v1/notes/chat");
    socket.send(frame);
    return () => socket.json();
  };
}

test("what has been taken, rejected or abandoned counts no longer", { timeout: 90_000 }, async (t) => {
  const { transport, server, port } = await serveSockets(t, { limits: { maxIncomplete: 2 * LIMIT } });
  const connections = promisify(server.getConnections.bind(server));
  const [stall] = Object.values(REQUESTS);
  assert.ok(stall !== undefined);
  const first = await stall(t, port);
  let isRejected = false;
  first.rejected
    .then(() => {
      isRejected = true;
    })
    .catch(() => {});
  for (let i = 0; i < 4; i++) {
    // One that arrives in full, one that is too large, and one whose client leaves.
    const sent = send(port, "/v1/notes/get", BODY);
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200);
    const large = new RawConnection(port);
    await large.send("POST /v1/notes/get HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    await large.send(`${(4 * MIB).toString(16)}\r\n${"x".repeat(4 * MIB)}\r\n`);
    await large.until(({ statuses }) => statuses[0] === 413);
    await large.leave();
    const gone = new RawConnection(port);
    await gone.send(post("/v1/notes/get", BODY).slice(0, -1));
    while (gone.socket.writableLength > 0) await new Promise(setImmediate);
    await gone.leave();
    // The gateway counts its request until it learns that the client has left.
    while ((await connections()) > 1) await new Promise(setImmediate);
  }
  assert.equal(isRejected, false);
  first.finish();
  assert.ok((await transport.nextUnary()).request.length > TEXT.length);
});

async function stalledBody(t: TestContext, port: number, path: string): Promise<Stalled> {
  const connection = new RawConnection(port);
  t.after(() => connection.leave());
  await connection.send(post(path, BODY).slice(0, -1));
  return {
    rejected: connection.answers(1).then(({ responses: [response] }) => {
      assert.equal(response?.status, 503);
      assert.match(response.head, /^Retry-After: 1$/im);
      assert.deepEqual(JSON.parse(response.body), { code: 14, message: REASON });
    }),
    finish: () => connection.socket.write("}"),
  };
}

async function stalledSocket(t: TestContext, port: number, begin: (socket: Socket) => () => void): Promise<Stalled> {
  const socket = await openSocket(t, port, "/v1/notes/chat");
  const finish = begin(socket);
  return {
    rejected: socket.json().then(async (error) => {
      assert.deepEqual(error, { code: 14, message: REASON });
      assert.equal((await socket.closed).code, 4014);
    }),
    finish,
  };
}
