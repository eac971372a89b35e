import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { RawConnection } from "../../attacks/raw-connection.js";
import { note } from "../http/notes.js";
import { serveSockets } from "./serve-sockets.js";
import { openSocket, toSocket } from "./socket.js";

const LONG = "x".repeat(65_536);
const HANDSHAKE = [
  "GET /v1/notes/chat HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

/** Goes on when something is so; if it never is, the test's time runs out. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

test("a frame over the limit is rejected by its header, and a message over several frames as it grows", async (t) => {
  const { transport, port } = await serveSockets(t, { limits: { maxBody: 1000 } });
  const big = await openSocket(t, port, "/v1/notes/chat");
  big.send(JSON.stringify({ text: "x".repeat(1000) }));
  assert.equal((await big.closed).code, 1009);

  for (const path of ["/v1/notes/chat", "/v1/notes/get"]) {
    const pieces = await openSocket(t, port, path);
    pieces.send(`{"text":"${"x".repeat(800)}`);
    pieces.send("x".repeat(800));
    assert.deepEqual(await pieces.closed, {
      code: 1009,
      reason: "the request is larger than the gateway's limit of 1000 bytes",
    });
    assert.equal(JSON.parse(String((await pieces.rest())[0])).code, 8);
  }

  const connection = await new RawConnection(port).send(HANDSHAKE);
  t.after(() => connection.leave());
  await connection.until(({ statuses }) => statuses[0] === 101);
  // A text frame of 100 MB, and nothing of it but the mask.
  connection.socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x05, 0xf5, 0xe1, 0, 1, 2, 3, 4]));
  await connection.until(({ bodies: [frames = ""] }) => frames.length >= 4);
  const close = Buffer.from(connection.bodies[0] ?? "", "latin1");
  assert.deepEqual(close.subarray(0, 4), Buffer.from([0x88, 2, 1009 >> 8, 1009 & 0xff]));
  assert.equal(transport.waiting, 0);
});

test("the messages of a stream may be more than the limit together", async (t) => {
  const { transport, port } = await serveSockets(t, { limits: { maxBody: 1000 } });
  const socket = await openSocket(t, port, "/v1/notes/chat");
  for (let i = 0; i < 10; i++) socket.send(JSON.stringify({ text: "x".repeat(900) }));
  const call = await transport.nextStream();
  for (let i = 0; i < 10; i++) assert.ok((await call.nextRequest())?.length);
});

test("a call is paused while its client does not read", async (t) => {
  const { transport, port } = await serveSockets(t);
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  const call = await transport.nextStream();
  socket.ws.pause();
  const message = note({ text: LONG });
  let sent = 0;
  for (; !call.paused; sent++) {
    call.respond(message);
    await setImmediate();
  }
  socket.ws.resume();
  await until(() => !call.paused);
  call.finish();
  assert.equal((await socket.closed).code, 1000);
  assert.equal((await socket.rest()).length, sent);
});

test("a client that reads slowly has its response, however long it takes", async (t) => {
  const { transport, port } = await serveSockets(t, {}, {}, { pingInterval: 0 });
  const socket = await openSocket(t, port, "/v1/notes/get");
  socket.send("{}");
  const call = await transport.nextUnary();
  socket.ws.pause();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const text = "x".repeat(50_000_000);
  call.respond(note({ text }));
  t.mock.timers.tick(120_000);
  t.mock.timers.reset();
  socket.ws.resume();
  assert.equal((await socket.closed).code, 1000);
  assert.equal((await socket.rest())[0]?.length, text.length + '{"text":""}'.length);
});

test("a call that goes on although it is paused is ended", async (t) => {
  const { transport, port } = await serveSockets(t, { limits: { streamBuffer: 1_000_000 } });
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  const call = await transport.nextStream();
  socket.ws.pause();
  const message = note({ text: LONG });
  for (; !call.paused; await setImmediate()) call.respond(message);
  for (let i = 0; i < 20; i++) call.respond(message);
  await call.canceled;
  socket.ws.resume();
  assert.equal((await socket.closed).code, 4008);
});

test("a client is not read while its call takes no more", async (t) => {
  const { transport, port } = await serveSockets(t);
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  const call = await transport.nextStream();
  call.full = true;
  const frames = 500;
  for (let i = 0; i < frames; i++) socket.send(JSON.stringify({ text: LONG }));
  await call.nextRequest();
  // Others are served meanwhile.
  for (let i = 0; i < 20; i++) {
    const other = await openSocket(t, port, "/v1/notes/get");
    other.send("{}");
    (await transport.nextUnary()).respond(note({}));
    await other.closed;
  }
  assert.ok(call.waiting < 10, `${call.waiting} messages were read`);
  call.drain();
  for (let i = 0; i < frames; i++) assert.equal((await call.nextRequest())?.length, note({ text: LONG }).length);
});

test("a client that does not respond to pings is cut off, one that does is not", async (t) => {
  const { transport, port } = await serveSockets(t, {}, {}, { pingInterval: 50 });
  const silent = await openSocket(t, port, "/v1/notes/chat", { autoPong: false });
  const alive = await openSocket(t, port, "/v1/notes/chat");
  silent.send("{}");
  const call = await transport.nextStream();
  alive.send("{}");
  const other = await transport.nextStream();
  await call.canceled;
  assert.equal((await silent.closed).code, 1006);
  for (let pings = 0; pings < 5; pings++) await once(alive.ws, "ping");
  other.respond(note({}));
  assert.equal(await alive.next(), '{"result":{}}');
});

test("a client that is not read is not cut off for its silence", async (t) => {
  const { transport, port } = await serveSockets(t, {}, {}, { pingInterval: 20 });
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  const call = await transport.nextStream();
  call.full = true;
  socket.send("{}");
  for (let pings = 0; pings < 5; pings++) await once(socket.ws, "ping");
  call.drain();
  socket.send('{"text":"still here"}');
  await call.nextRequest();
  await call.nextRequest();
  assert.deepEqual(await call.nextRequest(), note({ text: "still here" }));
});

test("sockets are not pinged if they are not to be", async (t) => {
  const { transport, port } = await serveSockets(t, {}, {}, { pingInterval: 0 });
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.ws.on("ping", () => assert.fail("a ping"));
  socket.send("{}");
  (await transport.nextStream()).finish();
  assert.equal((await socket.closed).code, 1000);
});

test("the gateway's end ends streams and idle sockets, and lets unary calls finish", async (t) => {
  const { gateway, transport, port } = await serveSockets(t);
  const idle = await openSocket(t, port, "/v1/notes/get");
  const stream = await openSocket(t, port, "/v1/notes/chat");
  const unary = await openSocket(t, port, "/v1/notes/get");
  stream.send("{}");
  unary.send("{}");
  const chat = await transport.nextStream();
  const call = await transport.nextUnary();
  const closing = gateway.close();
  await chat.canceled;
  for (const socket of [idle, stream]) {
    assert.deepEqual(await socket.closed, { code: 4014, reason: "the gateway is shutting down" });
  }
  assert.deepEqual(await idle.rest(), ['{"code":14,"message":"the gateway is shutting down"}']);
  assert.deepEqual(await stream.rest(), ['{"error":{"code":14,"message":"the gateway is shutting down"}}']);
  assert.equal((await toSocket(t, port, "/v1/notes/get").rejected()).status, 503);
  call.respond(note({ text: "done" }));
  assert.equal((await unary.closed).code, 1000);
  assert.deepEqual(await unary.rest(), ['{"text":"done"}']);
  await closing;
  assert.ok(transport.closed);
});

test("the gateway's end does not wait for a client that does not close", async (t) => {
  const { gateway, transport, port } = await serveSockets(t);
  const stream = connect(port, "127.0.0.1").on("error", () => {});
  t.after(() => stream.destroy());
  stream.write(HANDSHAKE);
  await once(stream, "data");
  const closed = once(stream.resume(), "close");
  await gateway.close();
  assert.ok(transport.closed);
  await closed;
});

test("a call that is over ends its socket, whatever else the client sends", async (t) => {
  const { transport, port } = await serveSockets(t);
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  const call = await transport.nextStream();
  call.finish(new GatewayError(Status.ABORTED, "no"));
  for (let i = 0; i < 100; i++) socket.send("{");
  assert.deepEqual(await socket.closed, { code: 4010, reason: "no" });
});
