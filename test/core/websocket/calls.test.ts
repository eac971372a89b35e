import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { grpcGatewayV1 } from "../../../runtime/core/http/dialect.js";
import { note, noteRpc } from "../http/notes.js";
import { HOSTS } from "../http/serve-notes.js";
import { serveSockets } from "./serve-sockets.js";
import { openSocket } from "./socket.js";

for (const host of HOSTS) {
  for (const path of host === "node:http" ? ["/"] : ["/", "/api/notes"]) {
    test(`both directions at once, in ${host} under ${path}`, async (t) => {
      const { transport, port } = await serveSockets(t, {}, { host, path });
      const socket = await openSocket(t, port, `${path === "/" ? "" : path}/v1/notes/chat`);
      socket.send('{"text":"a"}');
      const call = await transport.nextStream();
      assert.equal(call.path, "/test.Notes/Chat");
      assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
      call.respond(note({ text: "A" }));
      assert.equal(await socket.next(), '{"result":{"text":"A"}}');
      socket.send(Buffer.from(' {"text":"b"}\n{"te'));
      assert.deepEqual(await call.nextRequest(), note({ text: "b" }));
      call.respond(note({ text: "B" }));
      call.respond(note({}));
      assert.equal(await socket.next(), '{"result":{"text":"B"}}');
      assert.equal(await socket.next(), '{"result":{}}');
      socket.send('xt":"c"}');
      assert.deepEqual(await call.nextRequest(), note({ text: "c" }));
      assert.equal(call.waiting, 0, "the requests have no end");
      call.finish();
      assert.deepEqual(await socket.closed, { code: 1000, reason: "" });
      assert.deepEqual(await socket.rest(), []);
    });
  }
}

test("a unary RPC is called with the first JSON value, and responded to with one frame", async (t) => {
  const { transport, port } = await serveSockets(t);
  for (const frames of [['{"text":"a"}'], ['{"te', "", 'xt":"a', '"}'], [" ", '\n{"text":"a"}\n']]) {
    const socket = await openSocket(t, port, "/v1/notes/get");
    for (const frame of frames) socket.send(frame);
    const call = await transport.nextUnary();
    assert.deepEqual(call.request, note({ text: "a" }));
    socket.send('{"text":"late"}');
    call.respond(note({ text: "A" }));
    assert.deepEqual(await socket.closed, { code: 1000, reason: "" });
    assert.deepEqual(await socket.rest(), ['{"text":"A"}']);
  }
  assert.equal(transport.waiting, 0, "what follows is dropped");
});

test("data behind a unary message is rejected, unless it is to be ignored", async (t) => {
  const strict = await serveSockets(t);
  const rejected = await openSocket(t, strict.port, "/v1/notes/get");
  rejected.send('{"text":"a"}{"text":"b"}');
  assert.equal((await rejected.closed).code, 4003);
  assert.equal(strict.transport.waiting, 0);

  const lenient = await serveSockets(t, { json: { trailingData: "ignore" } });
  const taken = await openSocket(t, lenient.port, "/v1/notes/get");
  taken.send('{"text":"a"}{"text":"b"}');
  assert.deepEqual((await lenient.transport.nextUnary()).request, note({ text: "a" }));
});

test("a server stream takes one message", async (t) => {
  const { transport, port } = await serveSockets(t);
  const socket = await openSocket(t, port, "/v1/notes/list");
  socket.send('{"text":"all"}');
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), note({ text: "all" }));
  assert.equal(await call.nextRequest(), undefined);
  call.respond(note({ text: "1" }));
  call.respond(note({ text: "2" }));
  call.finish();
  assert.equal((await socket.closed).code, 1000);
  assert.deepEqual(await socket.rest(), ['{"result":{"text":"1"}}', '{"result":{"text":"2"}}']);
});

test("a client stream is ended by an empty frame, and responded to with one message", async (t) => {
  const { transport, port } = await serveSockets(t);
  const socket = await openSocket(t, port, "/v1/notes/gather");
  socket.send('{"text":"a"} {"text":"b"}');
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
  assert.deepEqual(await call.nextRequest(), note({ text: "b" }));
  assert.equal(call.waiting, 0);
  socket.send("");
  assert.equal(await call.nextRequest(), undefined);
  call.respond(note({ size: 2 }));
  call.finish();
  assert.equal((await socket.closed).code, 1000);
  assert.deepEqual(await socket.rest(), ['{"size":"2"}']);
});

test("a stream of both is ended by an empty frame on the client's side", async (t) => {
  const { transport, port } = await serveSockets(t);
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send('{"text":"a"}');
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
  socket.send("");
  assert.equal(await call.nextRequest(), undefined);
  call.respond(note({ text: "b" }));
  call.finish();
  assert.equal((await socket.closed).code, 1000);
  assert.deepEqual(await socket.rest(), ['{"result":{"text":"b"}}']);
});

test("an RPC without a body is called at once, with what is in the URL", async (t) => {
  const bindings = [{ method: "GET", template: "/v1/one" }];
  const one = noteRpc("One", false, false, bindings);
  const { transport, port } = await serveSockets(t, { services: [{ name: "test.Notes", rpcs: { one } }] });
  const socket = await openSocket(t, port, "/v1/one?text=a");
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, note({ text: "a" }));
  call.respond(note({ text: "A" }));
  assert.equal(await socket.next(), '{"text":"A"}');
});

test("of the methods of a path, POST is meant, then GET", async (t) => {
  const rpcs = Object.fromEntries(
    ["DELETE", "GET", "POST", "PUT"].map((method) => [
      method,
      noteRpc(method, false, false, [
        { method, template: "/v1/x" },
        { method, template: `/v1/${method}` },
      ]),
    ]),
  );
  const { POST: _post, ...others } = rpcs;
  for (const [served, path, expected] of [
    [rpcs, "/v1/x", "POST"],
    [others, "/v1/x", "GET"],
    [rpcs, "/v1/PUT", "PUT"],
  ] as const) {
    const { transport, port } = await serveSockets(t, { services: [{ name: "test.Notes", rpcs: served }] });
    await openSocket(t, port, path);
    assert.equal((await transport.nextUnary()).path, `/test.Notes/${expected}`);
  }
});

test("an error is a frame, and the code that the socket is closed with", async (t) => {
  const errors: GatewayError[] = [];
  const { transport, port } = await serveSockets(t, { onError: (error) => errors.push(error) });
  const unary = await openSocket(t, port, "/v1/notes/get");
  unary.send("{}");
  (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "no such note"));
  assert.deepEqual(await unary.closed, { code: 4005, reason: "no such note" });
  assert.deepEqual(await unary.rest(), ['{"code":5,"message":"no such note"}']);

  const stream = await openSocket(t, port, "/v1/notes/chat");
  stream.send("{}");
  const call = await transport.nextStream();
  call.respond(note({}));
  call.finish(new GatewayError(Status.UNAUTHENTICATED, "é".repeat(100)));
  assert.deepEqual(await stream.closed, { code: 4016, reason: "é".repeat(61) });
  const frames = await stream.rest();
  assert.equal(frames[1], JSON.stringify({ error: { code: 16, message: "é".repeat(100) } }));
  assert.deepEqual(
    errors.map(({ code }) => code),
    [5, 16],
  );
});

test("a value that is not JSON is rejected before the call, or ends it", async (t) => {
  const { transport, port } = await serveSockets(t);
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    for (const frame of ["nonsense", "{]", '{"text":1}', "[]"]) {
      const socket = await openSocket(t, port, path);
      socket.send(frame);
      assert.equal((await socket.closed).code, 4003, `${path} ${frame}`);
      assert.match(String((await socket.rest())[0]), /^\{"code":3,"message":"/);
    }
  }
  assert.equal(transport.waiting, 0);
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  const call = await transport.nextStream();
  socket.send("nonsense");
  await call.canceled;
  assert.equal((await socket.closed).code, 4003);
  assert.match(String((await socket.rest())[0]), /^\{"error":\{"code":3,"message":"/);
});

test("errors are written in the dialect of the route", async (t) => {
  const { transport, port } = await serveSockets(t, { dialect: grpcGatewayV1 });
  const socket = await openSocket(t, port, "/v1/notes/chat");
  socket.send("{}");
  (await transport.nextStream()).finish(new GatewayError(Status.OUT_OF_RANGE, "no"));
  assert.deepEqual(await socket.json(), {
    error: { grpc_code: 11, http_code: 400, message: "no", http_status: "Bad Request" },
  });
});

test("a rejected unary call counts no more among those in progress", async (t) => {
  const { transport, port } = await serveSockets(t, { limits: { maxInFlight: 1 } });
  const first = await openSocket(t, port, "/v1/notes/get");
  first.send("{}");
  const call = await transport.nextUnary();
  const second = await openSocket(t, port, "/v1/notes/get");
  second.send("{}");
  assert.equal((await second.closed).code, 4014);
  call.respond(note({}));
  assert.equal((await first.closed).code, 1000);
  const bad = await openSocket(t, port, "/v1/notes/get", { headers: { "Grpc-Timeout": "x" } });
  bad.send("{}");
  assert.equal((await bad.closed).code, 4003);
  const third = await openSocket(t, port, "/v1/notes/get");
  third.send("{}");
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await third.closed).code, 1000);
});

test("a client that goes away, or closes, takes its call with it", async (t) => {
  const { transport, port } = await serveSockets(t);
  for (const leave of ["close", "terminate"] as const) {
    const unary = await openSocket(t, port, "/v1/notes/get");
    unary.send("{}");
    const call = await transport.nextUnary();
    unary.ws[leave]();
    await call.canceled;
    const stream = await openSocket(t, port, "/v1/notes/chat");
    stream.send("{}");
    const chat = await transport.nextStream();
    stream.ws[leave]();
    await chat.canceled;
  }
});
