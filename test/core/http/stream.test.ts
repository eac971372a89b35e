import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { RequestHandler } from "express";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { answer, open, response, send } from "../../http/requests.js";
import { note } from "./notes.js";
import { HOSTS, serveNotes } from "./serve-notes.js";

/** Reads a response line by line. */
function lines(res: IncomingMessage): AsyncIterator<string> {
  return createInterface({ input: res })[Symbol.asyncIterator]();
}

for (const host of HOSTS) {
  test(`both directions at once, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host });
    const req = open(port, "/v1/notes/chat");
    req.write('{"text":"a"}');
    const call = await transport.nextStream();
    assert.equal(call.path, "/test.Notes/Chat");
    assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
    call.headers([["x-id", "7"]]);
    call.respond(note({ text: "A" }));
    const res = await response(req);
    assert.equal(res.statusCode, 200);
    assert.equal(res.headers["content-type"], "application/json");
    assert.equal(res.headers["transfer-encoding"], "chunked");
    assert.equal(res.headers["cache-control"], "no-store, no-transform");
    assert.equal(res.headers["x-accel-buffering"], "no");
    assert.equal(res.headers["grpc-metadata-x-id"], "7");
    const output = lines(res);
    assert.equal((await output.next()).value, '{"result":{"text":"A"}}');
    req.write('\n{"text":"b"}{"te');
    assert.deepEqual(await call.nextRequest(), note({ text: "b" }));
    call.respond(note({ text: "B" }));
    assert.equal((await output.next()).value, '{"result":{"text":"B"}}');
    req.end('xt":"c"}');
    assert.deepEqual(await call.nextRequest(), note({ text: "c" }));
    assert.equal(await call.nextRequest(), undefined, "the end of the requests is forwarded");
    call.respond(note({}));
    assert.equal((await output.next()).value, '{"result":{}}', "the stream goes on after the request's end");
    call.finish();
    assert.equal((await output.next()).done, true);
    assert.ok(res.complete);
  });
}

test("a server stream takes one message", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const body of ["", '{"text":"all"}\n']) {
    const sent = send(port, "/v1/notes/list", body);
    const call = await transport.nextStream();
    assert.deepEqual(await call.nextRequest(), body === "" ? note({}) : note({ text: "all" }));
    assert.equal(await call.nextRequest(), undefined);
    call.respond(note({ text: "1" }));
    call.respond(note({ text: "2" }));
    call.finish();
    const { status, body: text } = await sent;
    assert.equal(status, 200);
    assert.equal(text, '{"result":{"text":"1"}}\n{"result":{"text":"2"}}\n');
  }
  const { status, body } = await send(port, "/v1/notes/list", "{}{}");
  assert.equal(status, 400);
  assert.equal(JSON.parse(body).code, 3);
  assert.equal(transport.waiting, 0);
});

test("a client stream gets one message", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/gather", '{"text":"a"} {"text":"b"}');
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
  assert.deepEqual(await call.nextRequest(), note({ text: "b" }));
  assert.equal(await call.nextRequest(), undefined);
  call.respond(note({ size: 2 }));
  call.finish();
  const { status, headers, body } = await sent;
  assert.equal(status, 200);
  assert.equal(headers["content-length"], "12");
  assert.equal(body, '{"size":"2"}');
});

test("a client stream may be empty, and its failure is the response even after a message", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/gather");
  const call = await transport.nextStream();
  assert.equal(await call.nextRequest(), undefined);
  call.respond(note({ size: 2 }));
  call.finish(new GatewayError(Status.ABORTED, "no"));
  const { status, body } = await sent;
  assert.equal(status, 409);
  assert.equal(body, '{"code":10,"message":"no"}');
});

test("a client stream without a response is an error", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/gather");
  (await transport.nextStream()).finish();
  assert.equal((await sent).status, 500);
});

test("an error before the first message has its HTTP status", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/chat", "{}");
  const call = await transport.nextStream();
  call.headers([]);
  call.finish(new GatewayError(Status.OUT_OF_RANGE, "400"));
  const { status, headers, body } = await sent;
  assert.equal(status, 400);
  assert.equal(headers["content-type"], "application/json");
  assert.equal(body, '{"error":{"code":11,"message":"400"}}\n');
});

test("a later error is the last line", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/list", "{}");
  const call = await transport.nextStream();
  call.respond(note({ text: "One" }));
  call.finish(new GatewayError(Status.UNAVAILABLE, "gone\n"));
  const { status, body } = await sent;
  assert.equal(status, 200);
  assert.equal(body, '{"result":{"text":"One"}}\n{"error":{"code":14,"message":"gone\\n"}}\n');
});

test("a stream without messages ends well", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/list", "{}");
  (await transport.nextStream()).finish();
  const { status, headers, body } = await sent;
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "application/json");
  assert.equal(body, "");
});

test("a first message that is not JSON is rejected at once, without a call", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const body of ["{]", "x ", '{"text":1}', "[]", "} ", "\ufeff{}"]) {
    const req = open(port, "/v1/notes/chat");
    req.write(body);
    const { status, body: text } = await answer(req);
    assert.equal(status, 400, body);
    assert.equal(JSON.parse(text).code, 3, body);
    req.destroy();
  }
  assert.equal(transport.waiting, 0);
});

test("a request without any message is rejected", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const body of ["", "\n"]) {
    const { status, body: text } = await send(port, "/v1/notes/chat", body);
    assert.equal(status, 400);
    assert.match(JSON.parse(text).message, /no message/);
  }
  assert.equal(transport.waiting, 0);
});

test("a later message that is not JSON ends the stream with an error line and cancels the call", async (t) => {
  const { transport, port } = await serveNotes(t);
  const req = open(port, "/v1/notes/chat");
  req.write('{"text":"a"}');
  const call = await transport.nextStream();
  call.respond(note({ text: "A" }));
  const output = lines(await response(req));
  assert.equal((await output.next()).value, '{"result":{"text":"A"}}');
  req.write('{"text":"b"}{"text":3}{"text":"c"}');
  const { error } = JSON.parse((await output.next()).value);
  assert.equal(error.code, 3);
  assert.equal((await output.next()).done, true);
  await call.canceled;
  assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
  assert.deepEqual(await call.nextRequest(), note({ text: "b" }));
  assert.equal(call.waiting, 0);
  req.destroy();
});

test("a message that cannot be written as JSON ends the stream with an error line", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/list", "{}");
  const call = await transport.nextStream();
  call.respond(note({ text: "One" }));
  call.respond(Buffer.from([0x0a, 0x05, 0x61]));
  await call.canceled;
  const [first, second, rest] = (await sent).body.split("\n");
  assert.equal(first, '{"result":{"text":"One"}}');
  assert.equal(JSON.parse(second ?? "").error.code, 13);
  assert.equal(rest, "");
});

test("a message over the limit is rejected", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxBody: 30 } });
  const long = JSON.stringify({ text: "x".repeat(30) });
  const rejected = await send(port, "/v1/notes/chat", long);
  assert.equal(rejected.status, 413);
  assert.equal(rejected.headers.connection, "close");
  assert.equal(JSON.parse(rejected.body).code, 8);
  assert.equal(transport.waiting, 0);
  const sent = send(port, "/v1/notes/chat", `{}{"text":"more than thirty"}{}${long}`);
  const call = await transport.nextStream();
  await call.canceled;
  assert.equal(call.waiting, 3);
  assert.equal((await sent).status, 413);
});

test("a client that goes away cancels its call, and what the server still sends is ignored", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const began of [false, true]) {
    for (const ended of [false, true]) {
      const req = open(port, "/v1/notes/chat");
      req.on("error", () => {});
      req.write("{}");
      if (ended) req.end();
      const call = await transport.nextStream();
      if (began) {
        call.respond(note({}));
        const res = await response(req);
        res.on("error", () => {});
      }
      req.destroy();
      await call.canceled;
      call.respond(note({}));
      call.finish();
    }
  }
});

test("an app that destroys the response cancels the call", async (t) => {
  const destroyer: RequestHandler = (req, res, next) => {
    if (req.headers["x-doomed"] !== undefined) setImmediate(() => res.destroy());
    next();
  };
  const { transport, port } = await serveNotes(t, {}, { before: [destroyer] });
  const req = open(port, "/v1/notes/list", { headers: { "X-Doomed": "1" } });
  req.on("error", () => {});
  req.end("{}");
  await (await transport.nextStream()).canceled;
});

test("a full send buffer holds the upload back until it drains", async (t) => {
  const { transport, port } = await serveNotes(t);
  const req = open(port, "/v1/notes/chat");
  req.write("{}");
  const call = await transport.nextStream();
  await call.nextRequest();
  call.full = true;
  const megabyte = `{"text":"${"x".repeat(1 << 20)}"}`;
  let taken = 0;
  for (let i = 0; i < 16; i++) req.write(megabyte, () => taken++);
  assert.ok(await call.nextRequest());
  // No further requests may come.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(call.waiting < 2 && taken < 16, `${call.waiting} forwarded, ${taken} taken`);
  call.drain();
  for (let i = 1; i < 16; i++) assert.ok(await call.nextRequest());
  req.end();
  assert.equal(await call.nextRequest(), undefined);
  call.finish();
  assert.equal((await answer(req)).status, 200);
});

test("a client that does not read pauses the call, and gets all once it reads", async (t) => {
  const { transport, port } = await serveNotes(t);
  const req = open(port, "/v1/notes/list");
  req.end("{}");
  const call = await transport.nextStream();
  const message = note({ text: "x".repeat(1 << 16) });
  call.respond(message);
  const res = await response(req);
  let messages = 1;
  while (!call.paused) {
    call.respond(message);
    messages++;
    await new Promise(setImmediate);
    assert.ok(messages < 1000, "the call is never paused");
  }
  let bytes = 0;
  res.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  while (call.paused) await new Promise(setImmediate);
  call.finish();
  await once(res, "end");
  assert.equal(bytes, messages * Buffer.byteLength(`{"result":{"text":"${"x".repeat(1 << 16)}"}}\n`));
});

test("what comes though the call is paused has a limit", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { streamBuffer: 1 << 20 } });
  const req = open(port, "/v1/notes/list");
  req.end("{}");
  const call = await transport.nextStream();
  const message = note({ text: "x".repeat(1 << 18) });
  call.respond(message);
  const res = await response(req);
  let canceled = false;
  call.canceled.then(() => {
    canceled = true;
  });
  for (let i = 0; !canceled; i++) {
    call.respond(message);
    await new Promise(setImmediate);
    assert.ok(i < 1000, "the stream never ends");
  }
  let last = "";
  for await (const line of createInterface({ input: res })) last = line;
  assert.equal(JSON.parse(last).error.code, 8);
  assert.ok(res.complete);
});

test("messages of one turn are a chunk each, and are flushed through compression together", async (t) => {
  let writes = 0;
  let flushes = 0;
  const compression: RequestHandler = (_req, res, next) => {
    const { write } = res;
    res.write = (...args: unknown[]): boolean => {
      writes++;
      return Reflect.apply(write, res, args);
    };
    Object.assign(res, { flush: () => flushes++ });
    next();
  };
  const { transport, port } = await serveNotes(t, {}, { before: [compression] });
  const sent = send(port, "/v1/notes/list", "{}");
  const call = await transport.nextStream();
  for (let i = 0; i < 10; i++) call.respond(note({ size: i }));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(writes, 10);
  assert.equal(flushes, 1);
  call.finish();
  assert.equal((await sent).body.split("\n").length, 11);
});

test("a stream that ends while the client still uploads ends well, and its connection is closed", async (t) => {
  const { transport, port } = await serveNotes(t);
  const req = open(port, "/v1/notes/chat");
  req.on("error", () => {});
  req.write("{}");
  const call = await transport.nextStream();
  call.respond(note({}));
  call.finish();
  const res = await response(req);
  const closed = once(req, "close");
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), '{"result":{}}\n');
  assert.ok(res.complete);
  await closed;
});
