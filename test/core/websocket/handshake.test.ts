import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import { request as secure } from "node:https";
import { connect } from "node:net";
import { test } from "node:test";
import express, { type RequestHandler } from "express";
import { WebSocketServer } from "ws";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { createHttpServer } from "../../../runtime/core/server/http-server.js";
import { makeCertificates } from "../../etcd-server/certificates.js";
import { listen } from "../../http/listen.js";
import { answer, send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { HOSTS, serveNotes } from "../http/serve-notes.js";
import { serveSockets } from "./serve-sockets.js";
import { openSocket, Socket, toSocket } from "./socket.js";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** A handshake written by hand. */
function handshake(port: number, path: string, headers: Record<string, string>, method = "GET"): ClientRequest {
  const usual = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
  };
  const req = request({ host: "127.0.0.1", port, path, method, agent: false, headers: { ...usual, ...headers } });
  req.on("upgrade", () => req.destroy(new Error("it was accepted")));
  req.end();
  return req;
}

/** The major version of Node.js. */
const NODE = Number(process.versions.node.split(".")[0]);

test("an unknown path gets 404 before the handshake", async (t) => {
  for (const host of HOSTS) {
    const { port } = await serveSockets(t, {}, { host });
    const { status, headers, body } = await toSocket(t, port, "/v1/nonsense").rejected();
    assert.equal(status, 404);
    assert.equal(headers.connection, "close");
    assert.deepEqual(JSON.parse(body), { code: 5, message: "Not Found" });
    assert.equal((await toSocket(t, port, "/elsewhere").rejected()).status, 404);
    assert.equal((await toSocket(t, port, "/v1/%zz").rejected()).status, 400);
  }
});

test("pages of foreign origins and foreign hosts are rejected before the handshake", async (t) => {
  const { transport, port } = await serveSockets(t, {
    browsers: { cors: ["https://app.example"], allowedHosts: ["127.0.0.1"] },
  });
  const open = (headers: Record<string, string>) => toSocket(t, port, "/v1/notes/chat", { headers });
  assert.equal((await open({ Origin: "https://evil.example" }).rejected()).status, 403);
  assert.equal((await open({ Origin: "null" }).rejected()).status, 403);
  assert.equal((await open({ Host: "evil.example" }).rejected()).status, 421);
  for (const origin of ["https://app.example", `http://127.0.0.1:${port}`]) {
    (await open({ Origin: origin }).opened()).send("{}");
    await transport.nextStream();
  }
});

test("an RPC that is not exposed is rejected before the handshake", async (t) => {
  const { port } = await serveSockets(t, { access: { expose: ["test.Notes.Get"] } });
  assert.equal((await toSocket(t, port, "/v1/notes/chat").rejected()).status, 403);
  await openSocket(t, port, "/v1/notes/get");
});

test("a handshake that is none is rejected", async (t) => {
  const { port } = await serveSockets(t);
  const post = await answer(handshake(port, "/v1/notes/get", {}, "POST"));
  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, "GET");
  const old = await answer(handshake(port, "/v1/notes/get", { "Sec-WebSocket-Version": "7" }));
  assert.equal(old.status, 426);
  assert.equal(old.headers["sec-websocket-version"], "13");
  for (const headers of [{ "Sec-WebSocket-Key": "short" }, { "Sec-WebSocket-Protocol": "a,a" }]) {
    const { status, body } = await answer(handshake(port, "/v1/notes/get", headers));
    assert.equal(status, 400);
    assert.equal(JSON.parse(body).code, 3);
  }
});

test("an upgrade to anything else is served as the request that it is, with what follows it", async (t) => {
  const { transport, port } = await serveSockets(t);
  const stream = connect(port, "127.0.0.1");
  t.after(() => stream.destroy());
  let text = "";
  stream.on("data", (chunk) => {
    text += chunk;
  });
  for (let i = 0; i < 20; i++) {
    // As Java's HttpClient does.
    const head = "POST /v1/notes/get HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
    // Since Node.js 25, such a request is the last of its connection if its body comes in several packets.
    const pieces = NODE < 25 ? ['{"text"', ':"a"}'] : ['{"text":"a"}'];
    stream.write(`${head}Content-Length: 12\r\n\r\n${pieces[0]}`);
    for (const piece of pieces.slice(1)) stream.write(piece);
    const call = await transport.nextUnary();
    assert.deepEqual(call.request, note({ text: "a" }));
    call.respond(note({ size: i }));
  }
  stream.end();
  await new Promise((resolve) => stream.on("close", resolve));
  assert.equal(text.match(/HTTP\/1\.1 200 OK/g)?.length, 20);
  assert.match(text, /\{"size":"19"\}$/);
});

test("over TLS too", async (t) => {
  const certificates = await makeCertificates();
  t.after(() => certificates.remove());
  const { server, ca } = certificates;
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport });
  const tls = { cert: readFileSync(server.cert), key: readFileSync(server.key) };
  const https = createHttpServer(express().use(gateway.router), { tls });
  gateway.handleUpgrades(https);
  const port = await listen(t, https);
  const trusted = { ca: readFileSync(ca.cert) };
  const socket = await new Socket(`wss://127.0.0.1:${port}/v1/notes/chat`, trusted).opened();
  t.after(() => socket.ws.terminate());
  socket.send("{}");
  const call = await transport.nextStream();
  call.respond(note({ text: "x".repeat(1_000_000) }));
  call.finish();
  assert.equal((await socket.closed).code, 1000);
  assert.equal(JSON.parse(String((await socket.rest())[0])).result.text.length, 1_000_000);

  const headers = { Connection: "Upgrade", Upgrade: "h2c" };
  const plain = secure({ host: "127.0.0.1", port, path: "/v1/notes/get", method: "POST", headers, ...trusted });
  plain.end('{"text":"a"}');
  const unary = await transport.nextUnary();
  assert.deepEqual(unary.request, note({ text: "a" }));
  unary.respond(note({}));
  assert.equal((await answer(plain)).status, 200);
});

test("an upgrade passes the middleware of the app", async (t) => {
  const login: RequestHandler = (req, res, next) => {
    if (req.headers["x-user"] === undefined) res.status(401).json({ error: "log in" });
    else next();
  };
  for (const host of ["Express 5", "Express 4"] as const) {
    const { transport, port } = await serveSockets(t, {}, { host, path: "/api", before: [login] });
    const { status, body } = await toSocket(t, port, "/api/v1/notes/get").rejected();
    assert.equal(status, 401);
    assert.equal(body, '{"error":"log in"}');
    const socket = await openSocket(t, port, "/api/v1/notes/get", { headers: { "X-User": "alice" } });
    socket.send("{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal(await socket.next(), "{}");
  }
});

test("a handler that responds to an upgrade at length is heard to the end", async (t) => {
  const page = "x".repeat(5_000_000);
  const long: RequestHandler = (_req, res) => res.send(page);
  const { port } = await serveSockets(t, {}, { before: [long] });
  assert.equal((await toSocket(t, port, "/page").rejected()).body, page);
});

test("other handlers of upgrades keep what is theirs", async (t) => {
  const { server, port } = await serveSockets(t, {}, { path: "/api" });
  const others = new WebSocketServer({ noServer: true });
  server.on("upgrade", (req, stream, head) => {
    if (req.url?.startsWith("/own")) others.handleUpgrade(req, stream, head, (socket) => socket.send("own"));
  });
  assert.equal(await (await openSocket(t, port, "/own")).next(), "own");
  await openSocket(t, port, "/api/v1/notes/get");

  const mounted = await serveSockets(t, {}, { path: "/api" }, { path: "/api" });
  mounted.server.on("upgrade", (req, stream, head) => {
    if (req.url?.startsWith("/v1")) others.handleUpgrade(req, stream, head, (socket) => socket.send("v1"));
  });
  assert.equal(await (await openSocket(t, mounted.port, "/v1/notes/get")).next(), "v1");
  await openSocket(t, mounted.port, "/api/v1/notes/get");
});

test("a gateway may handle the upgrades of a server without an app, and of one with another gateway", async (t) => {
  const { gateway, server, port, transport } = await serveSockets(t);
  const second = await serveSockets(t);
  second.gateway.handleUpgrades(server);
  server.removeAllListeners("request");
  for (let i = 0; i < 2; i++) {
    const socket = await openSocket(t, port, "/v1/notes/get");
    socket.send("{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal(await socket.next(), "{}");
  }
  assert.throws(() => gateway.handleUpgrades(server, { path: "api" }), /invalid path "api"/);
  assert.throws(() => gateway.handleUpgrades(server, { pingInterval: -1 }), /invalid pingInterval -1/);
});

test("with several gateways on a server, what none of them takes is served as with one", async (t) => {
  for (const path of [undefined, "/a"]) {
    const { gateway, server, port } = await serveSockets(t, {}, { path: "/a" }, path === undefined ? {} : { path });
    const second = await serveNotes(t);
    second.gateway.handleUpgrades(server, { path: "/b" });
    gateway.handleUpgrades(server);
    assert.equal((await toSocket(t, port, "/elsewhere").rejected()).status, 404);
    const h2c = { headers: { Connection: "Upgrade", Upgrade: "h2c" } };
    assert.equal((await send(port, "/elsewhere", "", h2c)).status, 404);
    await openSocket(t, port, "/a/v1/notes/get");
    // Other handlers keep what the gateways do not take.
    const others = new WebSocketServer({ noServer: true });
    server.on("upgrade", (req, stream, head) => {
      if (req.url === "/elsewhere") others.handleUpgrade(req, stream, head, (socket) => socket.send("own"));
    });
    assert.equal(await (await openSocket(t, port, "/elsewhere")).next(), "own");
  }
});

test("a token travels in a header, a subprotocol or a cookie", async (t) => {
  const { transport, port } = await serveSockets(t);
  const authorization = async (headers: Record<string, string>, protocols: string[] = []) => {
    const socket = await openSocket(t, port, "/v1/notes/get", { headers, protocols });
    socket.send("{}");
    const { metadata } = (await transport.nextUnary()).options;
    return { protocol: socket.ws.protocol, metadata };
  };
  const bearer = [["authorization", "Bearer a.1"]];
  assert.deepEqual(await authorization({}, ["Bearer", "a.1"]), { protocol: "Bearer", metadata: bearer });
  assert.deepEqual(await authorization({}, ["bearer", "a.1"]), { protocol: "bearer", metadata: bearer });
  assert.deepEqual(await authorization({ Cookie: "a=b; token=a.1; c=d" }), { protocol: "", metadata: bearer });
  assert.deepEqual(await authorization({ Authorization: "a.1", Cookie: "token=b.2" }), {
    protocol: "",
    metadata: [["authorization", "a.1"]],
  });
  assert.deepEqual(await authorization({ Cookie: "token=b.2" }, ["Bearer", "a.1"]), {
    protocol: "Bearer",
    metadata: bearer,
  });
  assert.deepEqual(await authorization({ "Grpc-Metadata-Token": "a.1", Cookie: "xtoken=b" }), {
    protocol: "",
    metadata: [["token", "a.1"]],
  });
});
