import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, createServer, IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { test } from "node:test";
import { TLSSocket } from "node:tls";
import express from "express";
import express4 from "express4";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { closeServer } from "../../../runtime/core/server/close-server.js";
import { createHttpServer } from "../../../runtime/core/server/http-server.js";
import { handshake } from "../../attacks/raw-connection.js";
import { makeCertificates } from "../../etcd-server/certificates.js";
import { listen } from "../../http/listen.js";
import { open, response, send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";
import { openSocket } from "../websocket/socket.js";

for (const [name, create] of [
  ["Express 5", express],
  ["Express 4", express4],
] as const) {
  test(`requests and responses have the prototypes of ${name} from the beginning`, async (t) => {
    const app = create();
    const seen: unknown[] = [];
    app.get("/", (req, res) => {
      res.cookie("a", "b").json({ ip: req.ip, ok: req instanceof IncomingMessage && res instanceof ServerResponse });
    });
    createHttpServer(app);
    const server = createHttpServer(app);
    server.prependListener("request", (req, res) => {
      seen.push(Object.getPrototypeOf(req) === app.request, Object.getPrototypeOf(res) === app.response);
    });
    const port = await listen(t, server);
    const { status, headers, body } = await send(port, "/", "", { method: "GET" });
    assert.equal(status, 200);
    assert.equal(body, '{"ip":"127.0.0.1","ok":true}');
    assert.ok(headers["set-cookie"]);
    assert.deepEqual(seen, [true, true]);
  });
}

test("an app that is a plain function is served as it is", async (t) => {
  const port = await listen(
    t,
    createHttpServer((_req, res) => res.end("plain")),
  );
  assert.equal((await send(port, "/")).body, "plain");
});

test("handshakes of TLS have as little time as headers, or what Node's own option says", async (t) => {
  const { server: files, remove } = await makeCertificates();
  t.after(remove);
  const [cert, key] = [readFileSync(files.cert), readFileSync(files.key)];
  const limits = t.mock.method(TLSSocket.prototype, "setTimeout");
  for (const [own, limit] of [
    [{}, 30_000],
    [{ handshakeTimeout: 1_000 }, 1_000],
  ] as const) {
    const server = createHttpServer(express(), { tls: { ...own, cert, key } });
    const accepted = once(server, "connection");
    const client = connect(await listen(t, server), "127.0.0.1");
    await accepted;
    assert.deepEqual(limits.mock.calls.at(-1)?.arguments[0], limit);
    client.destroy();
  }
});

test("headers have little time, requests that of Node.js; Node's own options can be given", () => {
  const server = createHttpServer(express());
  assert.equal(server.requestTimeout, createServer().requestTimeout);
  assert.equal(server.headersTimeout, 30_000);
  assert.equal(createHttpServer(express(), { http: { headersTimeout: 1_000 } }).headersTimeout, 1_000);
});

for (const [request, status, code] of [
  ["brew /pot HTTP/1.1\r\nHost: x\r\n\r\n", 501, 12],
  ["POSTS / HTTP/1.1\r\nHost: x\r\n\r\n", 501, 12],
  ["hello\r\n\r\n", 400, 3],
  ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, 3],
  ["GET /\u00fc HTTP/1.1\r\nHost: x\r\n\r\n", 400, 3],
  ["GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400, 3],
  [`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431, 8],
  ["GET / HTTP/1.1\r\n\r\n", 400, 3],
  ["GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400, 3],
  ["CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", 501, 12],
] as const) {
  test(`${request.slice(0, 40).trim()} gets ${status} and JSON, and the connection closed`, async (t) => {
    const port = await listen(
      t,
      createHttpServer(() => assert.fail()),
    );
    const socket = connect(port, "127.0.0.1").end(request, "latin1");
    const text = Buffer.concat(await socket.toArray()).toString();
    assert.match(text, new RegExp(`^HTTP/1.1 ${status} [^]*\r\nContent-Type: application/json\r\n`));
    assert.equal(JSON.parse(text.slice(text.indexOf("\r\n\r\n"))).code, code);
  });
}

test("HTTP/1.0 needs no Host header, and an app may do without", async (t) => {
  const app: RequestListener = (_req, res) => void res.end("served");
  for (const [http, version] of [
    [{}, "1.0"],
    [{ requireHostHeader: false }, "1.1"],
  ] as const) {
    const port = await listen(t, createHttpServer(app, { http }));
    const socket = connect(port, "127.0.0.1").end(`GET / HTTP/${version}\r\n\r\n`);
    assert.match(Buffer.concat(await socket.toArray()).toString(), /^HTTP\/1.1 200 .*served/s);
  }
});

test("nothing is written into a response in progress, but behind it", async (t) => {
  let end: (() => void) | undefined;
  const server = createHttpServer((_req, res) => {
    res.writeHead(200, { "Content-Length": "10" }).write("begun");
    end = () => void res.end("ended");
  });
  server.on("clientError", () => end?.());
  const socket = connect(await listen(t, server), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  let text = "";
  for await (const chunk of socket) {
    text += chunk;
    if (text.endsWith("begun")) socket.write("brew / HTTP/1.1\r\n\r\n");
  }
  assert.match(text, /^HTTP\/1.1 200 .*begunendedHTTP\/1.1 501 /s);
});

test("a gateway over TLS", async (t) => {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport });
  const { ca, server, remove } = await makeCertificates();
  t.after(remove);
  const tls = { cert: readFileSync(server.cert), key: readFileSync(server.key) };
  const port = await listen(t, createHttpServer(express().use(gateway.router), { tls }));
  const to = { host: "127.0.0.1", port, path: "/v1/notes/get", method: "POST", agent: false };
  const req = httpsRequest({ ...to, ca: readFileSync(ca.cert) });
  req.end("{}");
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await response(req)).statusCode, 200);
  req.destroy();
});

test("closeServer finishes calls, ends streams and idle connections, and takes no new ones", async (t) => {
  const { gateway, transport, server, port } = await serveNotes(t);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const idle = send(port, "/v1/notes/get", "{}", { agent });
  (await transport.nextUnary()).respond(note({}));
  await idle;
  const unary = send(port, "/v1/notes/get", "{}", { agent: new Agent({ keepAlive: true }) });
  const call = await transport.nextUnary();
  const req = open(port, "/v1/notes/list");
  req.end("{}");
  const stream = await transport.nextStream();
  stream.respond(note({}));
  const res = await response(req);
  const closed = closeServer(server, gateway);
  let text = "";
  for await (const chunk of res) text += chunk;
  assert.match(text, /"code":14/);
  await assert.rejects(send(port, "/v1/notes/get", "{}"), { code: "ECONNREFUSED" });
  call.respond(note({ text: "done" }));
  assert.equal((await unary).body, '{"text":"done"}');
  await closed;
});

test("closeServer cuts off after the grace period what is left", async (t) => {
  const { gateway, transport, server, port } = await serveNotes(t);
  const req = open(port, "/v1/notes/chat");
  const cut = once(req, "error");
  req.write('{"text":');
  const unary = send(port, "/v1/notes/get", "{}").catch((error: Error) => error);
  await transport.nextUnary();
  await closeServer(server, gateway, 20);
  await cut;
  await unary;
});

for (const grace of [0, 20]) {
  test(`a WebSocket whose call ends with a grace period of ${grace} ms has its error and its close code`, async (t) => {
    const { gateway, transport, server, port } = await serveNotes(t);
    gateway.handleUpgrades(server);
    const [unary, stream] = await Promise.all(
      ["/v1/notes/get", "/v1/notes/chat"].map((path) => openSocket(t, port, path)),
    );
    assert.ok(unary !== undefined && stream !== undefined);
    unary.send("{}");
    await transport.nextUnary();
    stream.send("{}");
    await transport.nextStream();
    await closeServer(server, gateway, grace);
    for (const socket of [unary, stream]) {
      assert.deepEqual(await socket.closed, { code: 4014, reason: "the gateway is shutting down" });
      assert.equal((await socket.rest()).length, 1);
    }
  });
}

for (const create of [createServer, createHttpServer]) {
  test(`closeServer also cuts off what an upgrade has detached (${create.name})`, async (t) => {
    const transport = new FakeTransport();
    const gateway = createGateway({ services: [notes], transport });
    // A stream of the app, and a login that never responds to a handshake.
    const app = express().get("/events", (_req, res) => void res.write(": begun\n"));
    const server = create(app.use((req, _res, next) => (req.headers.upgrade === undefined ? next() : undefined)));
    gateway.handleUpgrades(server);
    const port = await listen(t, server);
    const events = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";
    const closed: Promise<unknown>[] = [];
    for (const text of [handshake("/v1/notes/chat"), events + handshake("/v1/notes/chat")]) {
      const upgraded = once(server, "upgrade");
      const socket = connect(port, "127.0.0.1");
      socket.write(text);
      socket.resume();
      closed.push(once(socket, "close"));
      await upgraded;
    }
    await closeServer(server, gateway, 20);
    await Promise.all(closed);
  });
}

test("closeServer also cuts off TLS handshakes", async (t) => {
  const gateway = createGateway({ services: [notes], transport: new FakeTransport() });
  const certificates = await makeCertificates();
  t.after(() => certificates.remove());
  const tls = { cert: readFileSync(certificates.server.cert), key: readFileSync(certificates.server.key) };
  const server = createHttpServer(express().use(gateway.router), { tls });
  const port = await listen(t, server);
  const accepted = once(server, "connection");
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  await accepted;
  await closeServer(server, gateway, 20);
  await closed;
});

test("closeServer closes the server of a gateway that cannot be closed, leaves no timer, and says what is wrong", async (t) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const server = createServer();
  await listen(t, server);
  const before = timers();
  const broken = { close: () => Promise.reject(new Error("no transport")) };
  await assert.rejects(closeServer(server, broken), /no transport/);
  assert.equal(server.listening, false);
  assert.equal(timers(), before);
});

test("a server that was never told to listen closes too", async () => {
  const gateway = createGateway({ services: [notes], transport: new FakeTransport() });
  await closeServer(createServer(gateway.router), gateway);
});
