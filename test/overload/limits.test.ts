import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent } from "node:http";
import { test } from "node:test";
import { GatewayError } from "../../runtime/core/errors/gateway-error.js";
import { Status } from "../../runtime/core/errors/status.js";
import { note } from "../core/http/notes.js";
import { serveNotes } from "../core/http/serve-notes.js";
import { serveSockets } from "../core/websocket/serve-sockets.js";
import { openSocket, toSocket } from "../core/websocket/socket.js";
import { open, response, send, type TextResponse } from "../http/requests.js";

const GET = "/v1/notes/get";
const LIST = "/v1/notes/list";
const CHAT = "/v1/notes/chat";

function assertRejected({ status, headers, body }: Omit<TextResponse, "trailers">, what: string): void {
  assert.equal(status, 503);
  assert.equal(headers["retry-after"], "1");
  assert.deepEqual(JSON.parse(body), { code: 14, message: `the gateway has too many ${what} in progress` });
}

test("the place of a unary request is free after every kind of end", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxInFlight: 1 } });
  const ends: Readonly<Record<string, () => Promise<unknown>>> = {
    async answer() {
      const sent = send(port, GET, "{}");
      (await transport.nextUnary()).respond(note({}));
      return sent;
    },
    async error() {
      const sent = send(port, GET, "{}");
      (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "none"));
      return sent;
    },
    async "response that cannot be written"() {
      const sent = send(port, GET, "{}");
      (await transport.nextUnary()).respond(Buffer.from([0x0a, 0x05, 0x61]));
      return sent;
    },
    async "client gone"() {
      const req = open(port, GET).on("error", () => {});
      req.end("{}");
      const call = await transport.nextUnary();
      req.destroy();
      await call.canceled;
    },
    "bad JSON": () => send(port, GET, "{"),
    "bad header": () => send(port, GET, "{}", { headers: { "Grpc-Timeout": "x" } }),
  };
  for (const [name, end] of Object.entries(ends)) {
    await end();
    const sent = send(port, GET, "{}");
    const call = await transport.nextUnary();
    assertRejected(await send(port, GET, "{}"), "requests");
    call.respond(note({}));
    assert.equal((await sent).status, 200, name);
  }
  assert.equal(transport.waiting, 0);
});

test("a request takes its place when its body is there, and is rejected then if there is none", async (t) => {
  const { transport, port, server } = await serveNotes(t, { limits: { maxInFlight: 1 } });
  const upload = open(port, GET, { headers: { "Content-Length": 2 } });
  const began = once(server, "request");
  const answered = response(upload);
  upload.write("{");
  await began;
  const sent = send(port, GET, "{}");
  const call = await transport.nextUnary();
  upload.end("}");
  assert.equal((await answered).statusCode, 503);
  call.respond(note({}));
  assert.equal((await sent).status, 200);
});

test("a rejected request is not read, and its connection serves the next", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxInFlight: 1 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const sent = send(port, GET, "{}");
  const call = await transport.nextUnary();
  assertRejected(await send(port, GET, "no JSON", { agent }), "requests");
  call.respond(note({}));
  await sent;
  const next = open(port, GET, { agent });
  next.end("{}");
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await response(next)).statusCode, 200);
  assert.equal(next.reusedSocket, true);
});

test("streams have a limit of their own, and free their place when they end or their client goes", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxInFlight: 1, maxStreams: 1 } });
  const unary = send(port, GET, "{}");
  const call = await transport.nextUnary();
  for (let i = 0; i < 2; i++) {
    const left = open(port, CHAT).on("error", () => {});
    left.write("{}");
    const chat = await transport.nextStream();
    for (const path of [LIST, CHAT]) assertRejected(await send(port, path, "{}"), "streams");
    left.destroy();
    await chat.canceled;
    const ended = send(port, LIST, "{}");
    const list = await transport.nextStream();
    assertRejected(await send(port, CHAT, "{}"), "streams");
    list.respond(note({}));
    list.finish(i === 0 ? undefined : new GatewayError(Status.ABORTED, "no more"));
    assert.equal((await ended).status, 200);
    assert.equal((await send(port, CHAT, "{")).status, 400);
  }
  assert.equal(transport.waiting, 0);
  call.respond(note({}));
  assert.equal((await unary).status, 200);
});

test("calls whose RPC has no time limit take the places of streams, whatever their clients say", async (t) => {
  const { transport, port } = await serveNotes(t, {
    limits: { maxInFlight: 1, maxStreams: 1 },
    timeouts: { rpcs: { "test.Notes.Get": 0 } },
  });
  const waiting = send(port, GET, "{}", { headers: { "Grpc-Timeout": "9S" } });
  const call = await transport.nextUnary();
  assert.equal(call.options.isLong, true);
  assert.notEqual(call.options.deadline, undefined);
  assertRejected(await send(port, GET, "{}"), "streams");
  assertRejected(await send(port, CHAT, "{}"), "streams");
  call.respond(note({}));
  assert.equal((await waiting).status, 200);
});

test("WebSockets count as streams, from the handshake to the close", async (t) => {
  const { transport, port } = await serveSockets(t, {
    limits: { maxStreams: 1 },
    timeouts: { rpcs: { "test.Notes.Get": 0 } },
  });
  const first = await openSocket(t, port, CHAT);
  assertRejected(await toSocket(t, port, CHAT).rejected(), "streams");
  assertRejected(await send(port, LIST, "{}"), "streams");
  first.ws.close();
  await first.closed;
  const second = await openSocket(t, port, GET);
  second.send("{}");
  const call = await transport.nextUnary();
  assertRejected(await send(port, GET, "{}"), "streams");
  call.respond(note({}));
  assert.equal((await second.closed).code, 1000, "its call has no place beside its socket's");
});

test("a rejection is delayed, so that clients that retry at once do not keep the gateway busy", async (t) => {
  const { transport, port } = await serveSockets(t, { limits: { maxInFlight: 1, maxStreams: 1 } });
  const waiting = send(port, GET, "{}");
  const call = await transport.nextUnary();
  const socket = await openSocket(t, port, GET);
  const begin = performance.now();
  const rejections: Readonly<Record<string, () => Promise<unknown>>> = {
    "a unary request": () => send(port, GET, "{}"),
    "a server stream": () => send(port, LIST, "{}"),
    "a stream in both directions": () => send(port, CHAT, "{}"),
    "a handshake": () => toSocket(t, port, CHAT).rejected(),
    "a unary call on a WebSocket": async () => {
      socket.send("{}");
      const { code, reason } = await socket.closed;
      assert.deepEqual([code, reason], [4014, "the gateway has too many requests in progress"]);
    },
  };
  const delays = Object.entries(rejections).map(async ([what, rejection]) => {
    await rejection();
    const delay = performance.now() - begin;
    assert.ok(delay > 450, `${what} is rejected after ${delay} ms`);
  });
  await Promise.all(delays);
  call.respond(note({}));
  assert.equal((await waiting).status, 200);
});

test("a client that leaves before its delayed rejection takes nothing with it", async (t) => {
  const reasons: unknown[] = [];
  const { transport, port, server } = await serveSockets(t, {
    limits: { maxStreams: 1 },
    observers: [{ onEnd: ({ rejected }) => reasons.push(rejected) }],
  });
  const stream = send(port, LIST, "{}");
  const call = await transport.nextStream();
  for (const leave of [
    async () => {
      const began = once(server, "request");
      const req = open(port, LIST).on("error", () => {});
      req.end("{}");
      await began;
      req.destroy();
    },
    async () => {
      const began = once(server, "upgrade");
      const socket = toSocket(t, port, CHAT);
      await began;
      socket.ws.terminate();
    },
  ]) {
    await leave();
    assertRejected(await send(port, LIST, "{}"), "streams");
  }
  call.finish();
  assert.equal((await stream).status, 200);
  assert.equal(transport.waiting, 0);
  const last = send(port, LIST, "{}");
  (await transport.nextStream()).finish();
  assert.equal((await last).status, 200);
  assert.equal(reasons.filter((reason) => reason === "overload").length, 4);
});
