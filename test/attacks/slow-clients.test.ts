import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import express from "express";
import { createGateway } from "../../runtime/core/gateway/gateway.js";
import { createHttpServer } from "../../runtime/core/server/http-server.js";
import { FakeTransport } from "../core/http/fake-transport.js";
import { note, notes } from "../core/http/notes.js";
import { serveSockets } from "../core/websocket/serve-sockets.js";
import { openSocket } from "../core/websocket/socket.js";
import { listen } from "../http/listen.js";
import { send } from "../http/requests.js";
import { RawConnection } from "./raw-connection.js";

const HEAD = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`;

/** How connections are held with little effort, and what ends them. */
const HOLDS: readonly (readonly [what: string, begin: string, status: number])[] = [
  ["headers", "POST /v1/notes/get HTTP/1.1\r\n", 408],
  ["a unary body", HEAD("/v1/notes/get"), 408],
  ["the body of a server stream", HEAD("/v1/notes/list"), 408],
  ["the first message of a stream of requests", HEAD("/v1/notes/chat"), 408],
];
const EACH = 125;

test("500 connections that send a byte now and then hold up nobody, and are closed at the deadline", async (t) => {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport, timeouts: { body: 1_500 } });
  const app = express().use(gateway.router);
  const server = createHttpServer(app, { http: { headersTimeout: 1_500, connectionsCheckingInterval: 100 } });
  const port = await listen(t, server);
  const held = await Promise.all(
    HOLDS.flatMap(([what, begin, status]) =>
      Array.from({ length: EACH }, async () => {
        const socket = connect(port, "127.0.0.1");
        await once(socket, "connect");
        socket.write(begin);
        return { what, status, socket, drip: setInterval(() => socket.write("a"), 200), answer: read(socket) };
      }),
    ),
  );
  t.after(() => {
    for (const { drip, socket } of held) {
      clearInterval(drip);
      socket.destroy();
    }
  });

  // A watch, whose client says nothing for longer than any deadline, stays.
  const watch = new RawConnection(port);
  t.after(() => watch.leave());
  await watch.send("POST /v1/notes/chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
  const call = await transport.nextStream();
  call.respond(note({ text: "first" }));
  await watch.until(({ bodies: [body = ""] }) => body.includes("first"));

  let served = 0;
  while (held.some(({ socket }) => !socket.destroyed)) {
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200);
    served++;
  }
  assert.ok(served > 0, "no other was served");
  for (const { what, status, answer } of held) assert.match(await answer, new RegExp(`^HTTP/1\\.1 ${status} `), what);
  assert.equal(transport.waiting, 0);

  call.respond(note({ text: "second" }));
  await watch.until(({ bodies: [body = ""] }) => body.includes("second"));
  assert.equal(await new Promise((resolve) => server.getConnections((_error, count) => resolve(count))), 1);
});

test("WebSockets without a request, or with a part of one, give their places back at the deadline", async (t) => {
  const options = { timeouts: { body: 200 }, limits: { maxStreams: 3 } };
  const { transport, port } = await serveSockets(t, options);
  const kept = await openSocket(t, port, "/v1/notes/chat");
  kept.send("{}");
  const call = await transport.nextStream();
  const held = await Promise.all(["/v1/notes/chat", "/v1/notes/get"].map((path) => openSocket(t, port, path)));
  held[0]?.send('{"text":');
  for (const socket of held) {
    const text = "the request body did not arrive within 200 ms";
    assert.deepEqual(await socket.json(), { code: 4, message: text });
    assert.deepEqual(await socket.closed, { code: 4004, reason: text });
  }
  // There is room again.
  await openSocket(t, port, "/v1/notes/chat");
  call.respond(note({ text: "still there" }));
  assert.deepEqual(await kept.json(), { result: { text: "still there" } });
  assert.equal(transport.waiting, 0);
});

test("a WebSocket message that arrives in very many pieces is rejected", async (t) => {
  const { port, server } = await serveSockets(t);
  const connected = once(server, "connection");
  const socket = await openSocket(t, port, "/v1/notes/chat");
  const [connection]: Socket[] = await connected;
  // A frame of 1 MiB. The network would join the pieces.
  const head = [0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0];
  connection?.emit("data", Buffer.from(head));
  for (let i = 0; i < 17_000; i++) connection?.emit("data", Buffer.of(0x20));
  assert.equal((await socket.closed).code, 1008);
});

/** All that comes until the connection is closed. */
async function read(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {});
  await once(socket, "close");
  return text;
}
