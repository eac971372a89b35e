import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import express from "express";
import express4 from "express4";
import { createGateway, type Gateway } from "../../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../../runtime/core/gateway/gateway-options.js";
import { createHttpServer } from "../../../../runtime/core/server/http-server.js";
import { handshake, post, RawConnection } from "../../../attacks/raw-connection.js";
import { listen } from "../../../http/listen.js";
import { open, response } from "../../../http/requests.js";
import { portOf } from "../../../server-address.js";
import { until } from "../../../until.js";
import { FakeTransport } from "../fake-transport.js";
import { note, notes } from "../notes.js";

const GET = "/v1/notes/get";
const LIST = "/v1/notes/list";
const CHAT = "/v1/notes/chat";
const BODY = '{"text":"x"}';

/** What may stand between Node.js and a gateway. */
const APPS: readonly (readonly [name: string, app: (gateway: Gateway) => RequestListener])[] = [
  ["node:http", ({ router }) => router],
  ["Express 5", ({ router }) => express().use(router)],
  ["Express 4", ({ router }) => express4().use(router)],
];

const SERVERS: readonly (readonly [name: string, create: (app: RequestListener) => Server])[] = [
  ["createServer", createServer],
  ["createHttpServer", createHttpServer],
];

/** More requests than may be served in one turn of the event loop. */
const MANY = 300;

interface ServedGateway {
  readonly transport: FakeTransport;
  readonly server: Server;
  connect(): RawConnection;
}

async function serve(
  t: TestContext,
  app: (gateway: Gateway) => RequestListener,
  create: (app: RequestListener) => Server,
  options: Partial<GatewayOptions> = {},
): Promise<ServedGateway> {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport, ...options });
  const server = create(app(gateway));
  gateway.handleUpgrades(server);
  const port = await listen(t, server);
  return {
    transport,
    server,
    connect() {
      const connection = new RawConnection(port);
      t.after(() => connection.leave());
      return connection;
    },
  };
}

for (const [appName, app] of APPS) {
  for (const [serverName, create] of SERVERS) {
    const where = `${appName}, ${serverName}`;

    test(`pipelined requests are served one after another, each with a response, in order (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create, { limits: { maxInFlight: 1 } });
      const connection = connect();
      await connection.send([1, 2, 3].map((size) => post(GET, `{"size":${size}}`)).join("") + post("/v1/no", "{}"));
      for (const size of [1, 2, 3]) {
        const call = await transport.nextUnary();
        assert.deepEqual(call.request, note({ size }));
        await new Promise(setImmediate);
        assert.equal(transport.waiting, 0, "one at a time");
        call.respond(note({ size }));
      }
      await connection.answers(4);
      assert.deepEqual(connection.statuses, [200, 200, 200, 404]);
      assert.deepEqual(connection.bodies.slice(0, 3), ['{"size":"1"}', '{"size":"2"}', '{"size":"3"}']);
    });

    test(`few bytes are read ahead of long requests that wait, and all are served (${where})`, async (t) => {
      const { transport, server, connect } = await serve(t, app, create);
      const accepted = once(server, "connection");
      const connection = connect();
      // Node.js itself stops reading only before a body of 16 KiB.
      const text = "x".repeat(15_000);
      await connection.send(post(GET, "{}") + post(GET, JSON.stringify({ text })).repeat(100));
      const [socket] = await accepted;
      assert.ok(socket instanceof Socket);
      const first = await transport.nextUnary();
      await until(() => socket.isPaused(), "the connection is paused");
      // A chunk of 64 KiB before the first one waits, 64 KiB ahead of it, and the chunk that exceeds them.
      assert.ok(socket.bytesRead <= 5 * 65_536, `${socket.bytesRead} bytes`);
      first.respond(note({}));
      for (let i = 0; i < 100; i++) (await transport.nextUnary()).respond(note({ size: i }));
      await connection.answers(101);
      assert.deepEqual(new Set(connection.statuses), new Set([200]));
      assert.equal(connection.bodies[100], '{"size":"99"}');
    });

    test(`requests that are served at once leave turns of the event loop to others (${where})`, async (t) => {
      const { server, connect } = await serve(t, app, create);
      const served = countServed(server);
      await connect().send(post("/v1/no", "{}").repeat(MANY));
      const most = await mostPerTurn(served);
      assert.ok(most <= 2, `${most} requests in one turn`);
    });

    test(`only one chunk of short requests is read in a turn of the event loop (${where})`, async (t) => {
      const { server, connect } = await serve(t, app, create);
      const accepted = once(server, "connection");
      const served = countServed(server);
      const connection = await connect().send(post("/v1/no", "{}").repeat(20_000));
      const [socket] = await accepted;
      assert.ok(socket instanceof Socket);
      for (let before = 0; served.count === 0; before = socket.bytesRead) {
        await new Promise(setImmediate);
        assert.ok(socket.bytesRead - before <= 65_536, `${socket.bytesRead - before} bytes`);
      }
      await connection.leave();
    });

    test(`a client that pipelined streams and left has none (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create, { limits: { maxStreams: 20 } });
      // As often as there are places: none may be lost.
      for (let round = 0; round < 20; round++) {
        const connection = await connect().send(post(round % 2 === 0 ? CHAT : LIST, BODY).repeat(20));
        const call = await transport.nextStream();
        call.respond(note({}));
        await connection.until(({ responses }) => responses[0]?.body !== "");
        assert.equal(transport.waiting, 0, "one stream of a connection at a time");
        await connection.leave();
        await call.canceled;
      }
      const other = await connect().send(post(LIST, BODY));
      const call = await transport.nextStream();
      call.respond(note({ text: "free" }));
      call.finish();
      assert.match((await other.answers(1)).bodies[0] ?? "", /free/);
      assert.equal(transport.waiting, 0);
    });

    test(`a handshake is served behind other requests (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create);
      const chunked = `POST ${GET} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
      const fronts: readonly (readonly [string, number])[] = [
        [post("/v1/none", "{}"), 404],
        [`GET ${GET} HTTP/1.1\r\nHost: a\r\n\r\n`, 405],
        [post(GET, "{}"), 200],
        [chunked, 200],
        [post(GET, "{}").repeat(3), 200],
      ];
      for (const [front, status] of fronts) {
        const connection = await connect().send(front + handshake(CHAT));
        if (status === 200) {
          for (let i = 0; i < front.split("POST").length - 1; i++) (await transport.nextUnary()).respond(note({}));
        }
        await connection.until(({ statuses }) => statuses.at(-1) === 101);
        assert.deepEqual(new Set(connection.statuses), new Set([status, 101]));
        connection.socket.write(maskedFrame("{}"));
        const call = await transport.nextStream();
        await connection.leave();
        await call.canceled;
      }
      assert.equal(transport.waiting, 0);
    });

    test(`CONNECT gets its response in its turn, and the connection is closed (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create);
      const tunnel = "CONNECT etcd:2379 HTTP/1.1\r\nHost: etcd:2379\r\n\r\n\x16\x03\x01";
      const one = await connect().send(tunnel);
      await one.answers(1);
      assert.match(
        one.responses[0]?.head ?? "",
        /^HTTP\/1.1 501 Not Implemented\r\nContent-Type: application\/json\r\n/,
      );
      assert.equal(JSON.parse(one.bodies[0] ?? "").code, 12);
      await one.until(({ isClosed }) => isClosed);

      const other = await connect().send(post(GET, "{}").repeat(2) + tunnel, "more", "and more");
      for (let i = 0; i < 2; i++) (await transport.nextUnary()).respond(note({}));
      await other.until(({ isClosed }) => isClosed);
      assert.deepEqual(other.statuses, [200, 200, 501]);

      const gone = await connect().send(post(LIST, "{}") + tunnel);
      const call = await transport.nextStream();
      gone.socket.end();
      await call.canceled;
    });

    test(`a handshake behind a stream waits, and does not keep it alive (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create, { limits: { streamBuffer: 1 << 16 } });
      const connection = await connect().send(post(LIST, "{}") + handshake(CHAT));
      const call = await transport.nextStream();
      // Its backpressure works still.
      connection.socket.pause();
      while (!call.paused) {
        call.respond(note({ text: "x".repeat(1 << 16) }));
        await new Promise(setImmediate);
      }
      connection.socket.resume();
      while (call.paused) await new Promise(setImmediate);
      call.finish();
      await connection.until(({ statuses }) => statuses.length === 2);
      assert.deepEqual(connection.statuses, [200, 101]);

      const other = await connect().send(post(LIST, "{}") + handshake(CHAT));
      const endless = await transport.nextStream();
      await other.leave();
      await endless.canceled;
    });

    test(`offers of HTTP/2 are served as plain requests, however many come at once (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create);
      const h2c = ["Connection: Upgrade", "Upgrade: h2c"];
      const body = (size: number): string => `{"size":${size}}`;
      const connection = await connect().send(
        post(GET, body(1), ...h2c) + post(GET, body(2), ...h2c) + post(GET, body(3)) + post(GET, body(4), ...h2c),
      );
      for (const size of [1, 2, 3, 4]) {
        const call = await transport.nextUnary();
        assert.deepEqual(call.request, note({ size }));
        call.respond(note({ size }));
      }
      await connection.answers(4);
      assert.deepEqual(connection.bodies, ['{"size":"1"}', '{"size":"2"}', '{"size":"3"}', '{"size":"4"}']);

      const [head = "", rest = ""] = post(GET, body(5), ...h2c).split("size");
      const apart = await connect().send(head, `size${rest}`);
      const call = await transport.nextUnary();
      assert.deepEqual(call.request, note({ size: 5 }));
      call.respond(note({}));
      assert.deepEqual((await apart.answers(1)).statuses, [200]);
    });

    test(`a stream ends with its client, also if it offers HTTP/2 and its body comes in pieces (${where})`, async (t) => {
      const { transport, server, connect } = await serve(t, app, create);
      const h2c = ["Connection: Upgrade", "Upgrade: h2c"];
      const chunked = `POST ${CHAT} HTTP/1.1\r\nHost: a\r\n${h2c.join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n`;
      const bodies: readonly (readonly [head: string, rest: string])[] = [
        [post(CHAT, BODY, ...h2c).slice(0, -5), BODY.slice(-5)],
        [chunked, `${BODY.length.toString(16)}\r\n${BODY}\r\n`],
        [chunked, `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`],
      ];
      for (const [head, rest] of bodies) {
        for (const leave of ["end", "destroy", "resetAndDestroy"] as const) {
          const accepted = once(server, "connection");
          const upgraded = once(server, "upgrade");
          const connection = await connect().send(post(GET, "{}") + head);
          const [socket] = await accepted;
          await upgraded;
          (await transport.nextUnary()).respond(note({}));
          await connection.send(rest);
          const call = await transport.nextStream();
          await call.nextRequest();
          assert.equal(socket.timeout, 0, "the time between two requests is over");
          connection.socket[leave]();
          await call.canceled;
          if (!connection.isClosed) await once(connection.socket, "close");
        }
        // Behind a stream, it waits.
        const upgraded = once(server, "upgrade");
        const connection = await connect().send(post(LIST, "{}") + head);
        const call = await transport.nextStream();
        await upgraded;
        await connection.send(rest);
        connection.socket.end();
        await call.canceled;
      }
      assert.equal(transport.waiting, 0);
    });

    test(`a client that sends more behind a stream than is kept is cut, and noticed (${where})`, async (t) => {
      const { transport, connect } = await serve(t, app, create);
      const fronts = [
        post(CHAT, BODY) + post(GET, `{"text":"${"x".repeat(1 << 20)}"}`),
        post(CHAT, BODY) + post(GET, BODY).repeat(20_000),
      ];
      for (const front of fronts) {
        const connection = await connect().send(front);
        const call = await transport.nextStream();
        await call.canceled;
        await connection.leave();
      }
      assert.equal(transport.waiting, 0);
    });
  }
}

test("a connection on which many requests wait is not read, whatever bodies these have", async (t) => {
  const { transport, server, connect } = await serve(t, ({ router }) => router, createServer);
  const accepted = once(server, "connection");
  const connection = connect();
  const [socket] = await accepted;
  assert.ok(socket instanceof Socket);
  await connection.send(post(GET, BODY));
  await transport.nextUnary();
  // One less than may wait, then a body that fills the buffer of its request, and the beginning of a large one.
  await connection.send(post(GET, BODY).repeat(126));
  const all = post(GET, BODY).length * 127;
  await until(() => socket.bytesRead === all, "the small requests have arrived");
  const filling = post(GET, `{"text":"${"x".repeat(20_000)}"}`);
  await connection.send(`${filling}${post(GET, "x".repeat(8_000_000))}`);
  // The server takes part in many turns of the event loop in the meantime, and would read in each.
  const other = connect();
  for (let i = 1; i <= 100; i++) await (await other.send("GET /nope HTTP/1.1\r\nHost: a\r\n\r\n")).answers(i);
  assert.ok(socket.bytesRead < 1_000_000, `${socket.bytesRead} bytes were read`);
});

test("createHttpServer serves what an app answers itself in turn, too, and so what has no Host", async (t) => {
  const own = (): RequestListener => (_req, res) => void res.end("own");
  const expressOwn = (): RequestListener => express().use((_req, res) => void res.send("own"));
  for (const app of [own, expressOwn]) {
    for (const one of ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"]) {
      const { server, connect } = await serve(t, app, createHttpServer);
      const served = countServed(server);
      await connect().send(one.repeat(MANY));
      const most = await mostPerTurn(served);
      assert.ok(most <= 2, `${most} requests in one turn`);
    }
  }
});

test("a login that responds with 401 to everything does so for handshakes after other requests, too", async (t) => {
  for (const create of [express, express4]) {
    const closed = ({ router }: Gateway): RequestListener =>
      create()
        .use((_req, res) => void res.status(401).end())
        .use(router);
    const { transport, connect } = await serve(t, closed, createServer);
    const connection = await connect().send(post(GET, "{}") + post(CHAT, "{}") + handshake(CHAT));
    await connection.answers(3);
    assert.deepEqual(connection.statuses, [401, 401, 401]);
    assert.equal(transport.waiting, 0);
  }
});

test("an app's own listener for CONNECT keeps these requests", async (t) => {
  const { server, connect } = await serve(t, ({ router }) => router, createHttpServer);
  server.on("connect", (_req, socket) => socket.end("HTTP/1.1 200 Yes\r\n\r\ntunnel"));
  const connection = await connect().send("CONNECT etcd:2379 HTTP/1.1\r\nHost: etcd:2379\r\n\r\n");
  await connection.until(({ isClosed }) => isClosed);
  assert.deepEqual([connection.statuses, connection.bodies], [[200], ["tunnel"]]);
});

test("the time limit of a body does not run before its request has its turn", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { transport, connect } = await serve(t, ({ router }) => router, createServer, { timeouts: { body: 300 } });
  const [head = "", rest = ""] = post(GET, BODY).split("text");
  const connection = await connect().send(post(LIST, "{}") + head);
  const first = await transport.nextStream();
  t.mock.timers.tick(600);
  first.finish();
  await connection.send(`text${rest}`);
  (await transport.nextUnary()).respond(note({}));
  await connection.answers(2);
  assert.deepEqual(connection.statuses, [200, 200]);
});

test("what is malformed gets its response after the requests before it, and behind a stream does not keep that alive", async (t) => {
  const { transport, connect } = await serve(t, ({ router }) => router, createHttpServer);
  const connection = await connect().send(`${post(GET, "{}")}GET nowhere\r\n\r\n`);
  const call = await transport.nextUnary();
  await connection.send("worse\r\n\r\n");
  call.respond(note({}));
  await connection.answers(2);
  assert.deepEqual(connection.statuses, [200, 400]);

  for (const end of ["destroy", "end"] as const) {
    const other = await connect().send(`${post(CHAT, BODY)}GET nowhere\r\n\r\n`);
    const stream = await transport.nextStream();
    other.socket[end]();
    await stream.canceled;
  }
});

test("a stream of requests outlives Node's time limit for requests; the app's own requests do not", async (t) => {
  const app = ({ router }: Gateway): RequestListener =>
    express()
      .use(router)
      .post("/own", (req) => void req.resume());
  for (const create of [createServer, createHttpServer]) {
    const limited = (listener: RequestListener): Server => {
      const limits = { requestTimeout: 300, headersTimeout: 300, connectionsCheckingInterval: 50 };
      return create === createServer ? createServer(limits, listener) : createHttpServer(listener, { http: limits });
    };
    const { transport, server, connect } = await serve(t, app, limited);
    const chat = open(portOf(server), CHAT);
    t.after(() => chat.destroy());
    chat.write('{"size":1}');
    const call = await transport.nextStream();
    await call.nextRequest();
    call.respond(note({}));
    const res = await response(chat);
    // Two limits pass: those of own requests that begin one after the other.
    for (let i = 0; i < 2; i++) {
      const own = await connect().send("POST /own HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
      await own.until(({ statuses }) => statuses.length === 1);
      assert.deepEqual(own.statuses, [408]);
    }
    chat.write('{"size":2}');
    assert.deepEqual(await call.nextRequest(), note({ size: 2 }));
    call.respond(note({ text: "still here" }));
    for await (const chunk of res) if (String(chunk).includes("still here")) break;
  }
  assert.equal(createHttpServer(() => {}).requestTimeout, createServer().requestTimeout);
});

interface Count {
  count: number;
}

/** Counts the requests that a server has served. */
function countServed(server: Server): Count {
  const served: Count = { count: 0 };
  server.on("request", (_req, res) => res.on("finish", () => served.count++));
  return served;
}

/** Waits until many requests have been served. Returns the most of one turn of the event loop. */
async function mostPerTurn(served: Count): Promise<number> {
  let most = 0;
  for (let before = 0; before < MANY; ) {
    await new Promise(setImmediate);
    most = Math.max(most, served.count - before);
    before = served.count;
  }
  return most;
}

/** A text frame of a client. */
function maskedFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}
