import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { RequestHandler } from "express";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status, type StatusCode } from "../../../runtime/core/errors/status.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import type { NumberEvents } from "../../../runtime/core/session/stream-events.js";
import { open, response, send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { HOSTS, serveNotes } from "../http/serve-notes.js";
import { EventReader } from "./event-reader.js";

const EVENTS = { headers: { accept: "text/event-stream" } };
const LINES = { headers: { accept: "application/x-ndjson" } };

/** Numbers notes by their size, and those without one not at all; a client goes on by a request of that size. */
const bySize: NumberEvents = (last) => {
  if (last !== undefined && !/^\d+$/.test(last)) throw new GatewayError(Status.INVALID_ARGUMENT, `no id: ${last}`);
  return {
    request: (wire) => (last === undefined ? wire : note({ text: "after", size: last })),
    id: (wire) => (wire.length === 2 ? String(wire[1]) : undefined),
  };
};

for (const host of HOSTS) {
  test(`server-sent events, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host });
    const req = open(port, "/v1/notes/chat", EVENTS);
    req.write('{"text":"a"}');
    const call = await transport.nextStream();
    call.headers([["x-id", "7"]]);
    call.respond(note({ text: "A" }));
    const res = await response(req);
    assert.equal(res.statusCode, 200);
    assert.equal(res.headers["content-type"], "text/event-stream");
    assert.equal(res.headers["cache-control"], "no-store, no-transform");
    assert.equal(res.headers["x-accel-buffering"], "no");
    assert.equal(res.headers["grpc-metadata-x-id"], "7");
    const events = new EventReader(res);
    assert.deepEqual(await events.next(), { type: "message", data: '{"text":"A"}', id: "" });
    assert.equal(events.retry, 1000);
    req.end('{"text":"b"}');
    call.respond(note({ text: "line\nbreak\r\u2028" }));
    call.respond(note({}));
    assert.deepEqual((await events.next())?.data, '{"text":"line\\nbreak\\r\u2028"}');
    assert.deepEqual((await events.next())?.data, "{}");
    call.finish();
    assert.deepEqual(await events.next(), { type: "end", data: "{}", id: "end" });
    assert.equal(await events.next(), undefined);
    assert.ok(res.complete);
  });
}

test("the bytes of server-sent events", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { events: { "test.Notes.List": bySize } } });
  const sent = send(port, "/v1/notes/list", "{}", EVENTS);
  const call = await transport.nextStream();
  call.respond(note({ text: "1" }));
  call.respond(note({ size: 7 }));
  call.finish(new GatewayError(Status.UNAVAILABLE, "gone\n"));
  const { status, body } = await sent;
  assert.equal(status, 200);
  assert.equal(
    body,
    'retry: 1000\n\ndata: {"text":"1"}\n\nid: 7\ndata: {"size":"7"}\n\n' +
      'event: error\ndata: {"code":14,"message":"gone\\n"}\n\n',
  );
});

test("the bytes of newline-delimited JSON", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { events: { "test.Notes.List": bySize } } });
  for (const error of [undefined, new GatewayError(Status.UNAVAILABLE, "gone\n")]) {
    const sent = send(port, "/v1/notes/list", "{}", LINES);
    const call = await transport.nextStream();
    call.respond(note({ text: "1" }));
    call.respond(note({ size: 7 }));
    call.finish(error);
    const { status, headers, body } = await sent;
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "application/x-ndjson");
    const last = error === undefined ? "" : '{"error":{"code":14,"message":"gone\\n"}}\n';
    assert.equal(body, `{"text":"1"}\n{"size":"7"}\n${last}`);
  }
});

test("streams without messages end well", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const [options, expected] of [
    [EVENTS, "retry: 1000\n\nid: end\nevent: end\ndata: {}\n\n"],
    [LINES, ""],
  ] as const) {
    const sent = send(port, "/v1/notes/list", "{}", options);
    (await transport.nextStream()).finish();
    const { status, headers, body } = await sent;
    assert.equal(status, 200);
    assert.equal(headers["content-type"], options.headers.accept);
    assert.equal(body, expected);
  }
});

test("what is rejected before the first message has its status, and the body of a unary error", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { events: { "test.Notes.List": bySize } } });
  for (const options of [EVENTS, LINES]) {
    const sent = send(port, "/v1/notes/list", "{}", options);
    (await transport.nextStream()).finish(new GatewayError(Status.PERMISSION_DENIED, "no"));
    const byServer = await sent;
    assert.equal(byServer.status, 403);
    assert.equal(byServer.headers["content-type"], "application/json");
    assert.equal(byServer.body, '{"code":7,"message":"no"}');
    const byGateway = await send(port, "/v1/notes/list", "[]", options);
    assert.equal(byGateway.status, 400);
    assert.equal(JSON.parse(byGateway.body).code, 3);
  }
  const { status, body } = await send(port, "/v1/notes/list", "{}", {
    headers: { ...EVENTS.headers, "last-event-id": "nonsense" },
  });
  assert.equal(status, 400);
  assert.equal(body, '{"code":3,"message":"no id: nonsense"}');
  assert.equal(transport.waiting, 0);
});

test("errors are in the words of the path's dialect", async (t) => {
  const { grpcGatewayV1 } = await import("../../../runtime/core/http/dialect.js");
  const { transport, port } = await serveNotes(t, { dialect: grpcGatewayV1 });
  const bodies = [EVENTS, LINES].map(async (options) => {
    const sent = send(port, "/v1/notes/list", "{}", options);
    const call = await transport.nextStream();
    call.respond(note({}));
    call.finish(new GatewayError(Status.NOT_FOUND, "no"));
    return (await sent).body;
  });
  const [events = "", lines = ""] = await Promise.all(bodies);
  assert.ok(events.endsWith('id: end\nevent: error\ndata: {"error":"no","code":5,"message":"no"}\n\n'), events);
  const { error } = JSON.parse(lines.split("\n")[1] ?? "");
  assert.deepEqual(error, { grpc_code: 5, http_code: 404, message: "no", http_status: "Not Found" });
});

test("a client that comes back to a stream that is over is told to stay away", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { eventSource: true } });
  for (const method of ["POST", "GET"]) {
    const headers = { ...EVENTS.headers, "last-event-id": "end" };
    const { status, body } = await send(port, "/v1/notes/chat", method === "POST" ? "{}" : "", { method, headers });
    assert.equal(status, 204);
    assert.equal(body, "");
  }
  assert.equal(transport.waiting, 0);
  // Elsewhere the header means nothing.
  const sent = send(port, "/v1/notes/list", "{}", { headers: { ...LINES.headers, "last-event-id": "end" } });
  (await transport.nextStream()).finish();
  assert.equal((await sent).status, 200);
});

const FINAL: readonly StatusCode[] = [3, 5, 6, 7, 9, 11, 12, 15, 16];
for (const code of Object.values(Status)) {
  if (code === Status.OK) continue;
  const isFinal = FINAL.includes(code);
  test(`an error of code ${code} ${isFinal ? "would only come again" : "may pass"}`, async (t) => {
    const { transport, port } = await serveNotes(t);
    const res = response(open(port, "/v1/notes/list", EVENTS).end("{}"));
    const call = await transport.nextStream();
    call.respond(note({}));
    call.finish(new GatewayError(code, "m"));
    const events = new EventReader(await res);
    await events.next();
    const { type, data, id } = (await events.next()) ?? {};
    assert.deepEqual(
      { type, data, id },
      { type: "error", data: `{"code":${code},"message":"m"}`, id: isFinal ? "end" : "" },
    );
    assert.equal(await events.next(), undefined);
  });
}

test("ids, and going on after the last one", async (t) => {
  const { transport, port } = await serveNotes(t, {
    streams: { events: { "test.Notes.Chat": bySize }, eventSource: true },
  });
  for (const method of ["POST", "GET"]) {
    const req = open(port, "/v1/notes/chat", { method, headers: { ...EVENTS.headers, "last-event-id": "42" } });
    req.end(method === "POST" ? "{}" : "");
    const call = await transport.nextStream();
    assert.deepEqual(await call.nextRequest(), note({ text: "after", size: 42 }));
    call.respond(note({ text: "x" }));
    call.respond(note({ size: 43 }));
    call.respond(note({ text: "y" }));
    const events = new EventReader(await response(req));
    assert.equal((await events.next())?.id, "42");
    assert.equal((await events.next())?.id, "43");
    assert.equal((await events.next())?.id, "43");
    req.destroy();
    await call.canceled;
  }
  // An empty header is none, as with one that a client has taken back.
  const req = open(port, "/v1/notes/chat", { headers: { ...EVENTS.headers, "last-event-id": "" } });
  req.end('{"text":"a"}');
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
  call.finish();
  await response(req);
});

test("an id is taken back", async (t) => {
  const ids = ["1", undefined, "", undefined];
  const events: NumberEvents = () => ({ request: (wire) => wire, id: () => ids.shift() });
  const { transport, port } = await serveNotes(t, { streams: { events: { "test.Notes.List": events } } });
  const res = response(open(port, "/v1/notes/list", EVENTS).end("{}"));
  const call = await transport.nextStream();
  for (let i = 0; i < 4; i++) call.respond(note({}));
  const reader = new EventReader(await res);
  for (const id of ["1", "1", "", ""]) assert.equal((await reader.next())?.id, id);
  call.finish();
});

test("a quiet stream has heartbeats, the first of which begins the response", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { heartbeatInterval: 20 } });
  const req = open(port, "/v1/notes/list", EVENTS).end("{}");
  const call = await transport.nextStream();
  const res = await response(req);
  assert.equal(res.statusCode, 200);
  const chunks = res[Symbol.asyncIterator]();
  let text = "";
  while (!text.includes(":\n\n:\n\n")) text += String((await chunks.next()).value);
  assert.match(text, /^retry: 1000\n\n(:\n\n)+$/);
  call.finish(new GatewayError(Status.PERMISSION_DENIED, "no"));
  text = "";
  for (let chunk = await chunks.next(); chunk.done !== true; chunk = await chunks.next()) text += String(chunk.value);
  assert.match(text, /^(:\n\n)*id: end\nevent: error\ndata: \{"code":7,"message":"no"\}\n\n$/);
});

test("heartbeats wait while there is news, and while the client does not read", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { transport, port } = await serveNotes(t, { streams: { heartbeatInterval: 1000 } });
  const req = open(port, "/v1/notes/list", EVENTS).end("{}");
  const call = await transport.nextStream();
  call.respond(note({}));
  const res = await response(req);
  const reader = new EventReader(res);
  await reader.next();
  t.mock.timers.tick(1000);
  call.respond(note({}));
  await reader.next();
  assert.deepEqual(reader.comments, [""]);
  const big = note({ text: "x".repeat(1 << 22) });
  res.pause();
  while (!call.paused) {
    call.respond(big);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.mock.timers.tick(60_000);
  res.resume();
  call.finish();
  for (let event = await reader.next(); event?.type !== "end"; event = await reader.next()) assert.ok(event);
  assert.deepEqual(reader.comments, [""]);
});

test("only server-sent events have heartbeats, and 0 is none", async (t) => {
  for (const [interval, accept] of [
    [5, "application/x-ndjson"],
    [5, "application/json"],
    [0, "text/event-stream"],
  ] as const) {
    const { transport, port } = await serveNotes(t, { streams: { heartbeatInterval: interval } });
    const sent = send(port, "/v1/notes/list", "{}", { headers: { accept } });
    const call = await transport.nextStream();
    // No heartbeat may come, because it would begin the response.
    await new Promise((resolve) => setTimeout(resolve, 50));
    call.finish(new GatewayError(Status.NOT_FOUND, "no"));
    assert.equal((await sent).status, 404, accept);
  }
  assert.throws(
    () => createGateway({ services: [notes], transport: new FakeTransport(), streams: { heartbeatInterval: -1 } }),
    {
      name: "TypeError",
      message: /^invalid streams.heartbeatInterval -1/,
    },
  );
});

test("no timer outlives its stream, nor keeps the process", async (t) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const { transport, port } = await serveNotes(t);
  const before = timers();
  const req = open(port, "/v1/notes/list", EVENTS).end("{}");
  const call = await transport.nextStream();
  call.respond(note({}));
  await response(req);
  assert.equal(timers(), before, "a heartbeat keeps the process alive");
  req.destroy();
  await call.canceled;
});

test("frames leave buffering middleware at once", async (t) => {
  let flushed = 0;
  // Holds everything back until it is flushed, as compression does.
  const buffering: RequestHandler = (_req, res, next) => {
    const { write } = res;
    const held: unknown[] = [];
    res.write = (chunk: unknown) => {
      held.push(chunk);
      return true;
    };
    Object.assign(res, {
      flush() {
        flushed++;
        for (const chunk of held.splice(0)) write.call(res, chunk, "utf8");
      },
    });
    next();
  };
  const { transport, port } = await serveNotes(t, { streams: { heartbeatInterval: 10 } }, { before: [buffering] });
  const req = open(port, "/v1/notes/list", EVENTS).end("{}");
  const call = await transport.nextStream();
  call.respond(note({ text: "now" }));
  const reader = new EventReader(await response(req));
  assert.equal((await reader.next())?.data, '{"text":"now"}');
  assert.ok(flushed > 0);
  req.destroy();
  await call.canceled;
});

test("an RPC that responds once gets the usual response", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/gather", "{}", EVENTS);
  const call = await transport.nextStream();
  call.respond(note({ size: 2 }));
  call.finish();
  const { headers, body } = await sent;
  assert.equal(headers["content-type"], "application/json");
  assert.equal(body, '{"size":"2"}');
  const unary = send(port, "/v1/notes/get", "{}", EVENTS);
  (await transport.nextUnary()).respond(note({ size: 2 }));
  assert.equal((await unary).body, '{"size":"2"}');
});

test("events of an RPC that is not there", () => {
  assert.throws(
    () =>
      createGateway({
        services: [notes],
        transport: new FakeTransport(),
        streams: { events: { "test.Notes.Lst": bySize } },
      }),
    { name: "TypeError", message: /^invalid streams.events: unknown RPC "test.Notes.Lst"/ },
  );
});

test("a stream that the gateway ends on shutdown may be resumed", async (t) => {
  const { gateway, transport, port } = await serveNotes(t, { streams: { events: { "test.Notes.List": bySize } } });
  const req = open(port, "/v1/notes/list", EVENTS).end("{}");
  const call = await transport.nextStream();
  call.respond(note({ size: 9 }));
  const res = await response(req);
  const reader = new EventReader(res);
  assert.equal((await reader.next())?.id, "9");
  const closed = gateway.close();
  const last = await reader.next();
  assert.deepEqual([last?.type, last?.id], ["error", "9"]);
  assert.equal(await reader.next(), undefined);
  await closed;
  if (!res.closed) await once(res, "close");
});
