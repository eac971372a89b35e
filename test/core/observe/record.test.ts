import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { test } from "node:test";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { browserGuard } from "../../../runtime/core/http/guard/browser-guard.js";
import type { CallRecord } from "../../../runtime/core/observe/call-record.js";
import { rejectionRecorder } from "../../../runtime/core/observe/rejection-recorder.js";
import { post, RawConnection } from "../../attacks/raw-connection.js";
import { listen } from "../../http/listen.js";
import { open, response, send } from "../../http/requests.js";
import { note } from "../http/notes.js";
import { HOSTS, serveNotes } from "../http/serve-notes.js";
import { serveSockets } from "../websocket/serve-sockets.js";
import { openSocket, toSocket } from "../websocket/socket.js";
import { CallLog } from "./call-log.js";

const GET = "/v1/notes/get";
const LIST = "/v1/notes/list";
const CHAT = "/v1/notes/chat";

/** Some members of a record. */
function part<Name extends keyof CallRecord>(call: CallRecord, ...names: readonly Name[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, call[name]]));
}

/** Checks what a record says of a call that the gateway has rejected. */
function assertRejected(call: CallRecord, httpStatus: number, rejected: string): void {
  assert.deepEqual(part(call, "httpStatus", "rejected", "attempts"), { httpStatus, rejected, attempts: 0 });
  assert.equal(call.code, call.error?.code);
}

for (const host of HOSTS) {
  test(`a unary call, in ${host}`, async (t) => {
    const log = new CallLog();
    const { transport, port } = await serveNotes(t, { observers: [log] }, { host });
    const sent = send(port, GET, '{"text":"a"}', { headers: { "X-Request-Id": "id-1" } });
    const call = await transport.nextUnary();
    assert.equal(log.started.length, 1);
    assert.equal(log.ended.length, 0);
    call.options.progress?.onAttempt("a:1");
    call.respond(note({ text: "abc" }));
    await sent;
    const record = await log.end(0);
    assert.equal(record, log.started[0]);
    assert.deepEqual(
      part(record, "rpc", "template", "isStream", "protocol", "framing", "httpMethod", "httpStatus", "code", "error"),
      {
        rpc: "test.Notes.Get",
        template: GET,
        isStream: false,
        protocol: "http",
        framing: "json",
        httpMethod: "POST",
        httpStatus: 200,
        code: Status.OK,
        error: undefined,
      },
    );
    assert.deepEqual(part(record, "requestMessages", "requestBytes", "responseMessages", "responseBytes"), {
      requestMessages: 1,
      requestBytes: 12,
      responseMessages: 1,
      responseBytes: 14,
    });
    assert.deepEqual(part(record, "endpoint", "attempts", "resumptions", "requestId", "rejected"), {
      endpoint: "a:1",
      attempts: 1,
      resumptions: 0,
      requestId: "id-1",
      rejected: undefined,
    });
    assert.match(record.clientAddress ?? "", /127\.0\.0\.1$/);
    assert.ok(record.backendDuration > 0 && record.backendDuration <= record.duration);
    assert.ok(Math.abs(record.startTime + record.duration - Date.now()) < 60_000);
    const { duration } = record;
    // The duration must not grow any more.
    await new Promise((resolve) => setTimeout(resolve, 2));
    assert.equal(record.duration, duration);
    assert.deepEqual(log.faults, []);
  });
}

test("a request id that could be more than an id is replaced", async (t) => {
  const log = new CallLog();
  const { port } = await serveNotes(t, { observers: [log] });
  const ids = ["a b", "", 'a","b":"c', "x".repeat(129), "\u00e9", undefined];
  for (const id of ids) {
    await send(port, "/v1/none", "", { headers: id === undefined ? {} : { "X-Request-Id": id } });
  }
  await log.end(ids.length - 1);
  const given = log.ended.map(({ requestId }) => requestId);
  for (const id of given) assert.match(id, /^[\da-f-]{36}$/);
  assert.equal(new Set(given).size, ids.length);
  assert.equal(log.ended[0]?.requestId, given[0]);
});

test("calls that the gateway rejects by itself, each with its reason", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, {
    observers: [log],
    access: { expose: ["test.Notes.Get", "test.Notes.List"] },
    limits: { maxInFlight: 1, maxStreams: 1, maxBody: 100 },
  });
  let count = 0;
  const rejected = async (status: number, reason: string, ...request: Parameters<typeof send>): Promise<CallRecord> => {
    await send(...request);
    const record = await log.end(count++);
    assertRejected(record, status, reason);
    return record;
  };
  const unknown = await rejected(404, "not-found", port, "/v1/none/secret", "{}");
  assert.deepEqual(part(unknown, "rpc", "template"), { rpc: undefined, template: undefined });
  await rejected(405, "method-not-allowed", port, GET, "", { method: "GET" });
  await rejected(400, "bad-request", port, "/v1/%zz", "{}");
  const guarded = await rejected(403, "browser-guard", port, GET, "{}", { headers: { Origin: "http://evil.example" } });
  assert.equal(guarded.rpc, "test.Notes.Get");
  await rejected(400, "bad-request", port, GET, "{}", { headers: ["Host", "a", "Host", "b"] });
  await rejected(403, "not-exposed", port, CHAT, "{}");
  await rejected(400, "bad-request", port, GET, "{");
  await rejected(400, "bad-request", port, LIST, "{");
  await rejected(413, "bad-request", port, GET, `{"text":"${"a".repeat(200)}"}`);
  await rejected(415, "bad-request", port, GET, "{}", { headers: { "Content-Encoding": "gzip" } });
  await rejected(400, "bad-request", port, GET, "{}", { headers: { "Grpc-Timeout": "soon" } });

  const first = send(port, GET, "{}");
  const unary = await transport.nextUnary();
  await rejected(503, "overload", port, GET, "{}");
  unary.respond(note({}));
  await first;
  await log.end(count++);

  const streaming = open(port, LIST);
  streaming.end("{}");
  const stream = await transport.nextStream();
  await rejected(503, "overload", port, LIST, "{}");
  stream.finish();
  await response(streaming).then((res) => res.resume());
  await log.end(count++);
  assert.deepEqual(log.faults, []);
});

test("an interceptor's 429 is a rejection by the app, not an overload", async (t) => {
  const log = new CallLog();
  const reject = (): never => {
    throw new GatewayError(Status.RESOURCE_EXHAUSTED, "your quota is used up");
  };
  const { port } = await serveNotes(t, { observers: [log], interceptors: { "*": reject } });
  await send(port, GET, "{}");
  assertRejected(await log.end(0), 429, "bad-request");
});

test("a message that cannot be read has been read nevertheless", async (t) => {
  const log = new CallLog();
  const { port } = await serveNotes(t, { observers: [log] });
  const malformed = ["{", '{"text":1}', "nonsense"];
  let count = 0;
  for (const path of [GET, LIST, CHAT]) {
    for (const body of malformed) {
      await send(port, path, body);
      const record = await log.end(count++);
      assertRejected(record, 400, "bad-request");
      const expected = { requestMessages: 1, requestBytes: body.length };
      assert.deepEqual(part(record, "requestMessages", "requestBytes"), expected, `${path} ${body}`);
    }
  }
  assert.deepEqual(log.faults, []);
});

test("requests that an app rejects beside the gateway, as its guard does", async (t) => {
  const log = new CallLog();
  const record = rejectionRecorder([log]);
  const guard = browserGuard({ allowedHosts: ["127.0.0.1"] }, ["GET"], record);
  const port = await listen(
    t,
    createServer((req, res) => {
      guard(req, res, () => {
        if (req.url === "/page") {
          res.end("served");
          return;
        }
        record(req, res, new GatewayError(Status.NOT_FOUND, "none"), "not-found");
        res.writeHead(404).end();
      });
    }),
  );
  await send(port, "/page", "");
  await send(port, "/secret", "");
  await send(port, "/page", "", { headers: { Origin: "http://evil.example" } });
  await send(port, "/page", "", { headers: { Host: "evil.example" } });
  for (const [at, status, reason] of [
    [0, 404, "not-found"],
    [1, 403, "browser-guard"],
    [2, 421, "browser-guard"],
  ] as const) {
    const ended = await log.end(at);
    assertRejected(ended, status, reason);
    assert.deepEqual(part(ended, "rpc", "template", "protocol"), {
      rpc: undefined,
      template: undefined,
      protocol: "http",
    });
  }
  assert.deepEqual([log.started.length, log.faults], [3, []]);
});

test("pipelined requests that an app rejects have a record when it is their turn", async (t) => {
  const log = new CallLog();
  const record = rejectionRecorder([log]);
  const held: ServerResponse[] = [];
  const server = createServer((req, res) => {
    if (req.url === "/held") held.push(res);
    else {
      record(req, res, new GatewayError(Status.NOT_FOUND, "none"), "not-found");
      res.writeHead(404).end();
    }
  });
  const port = await listen(t, server);
  const requests = `${post("/held", "")}${post("/a", "")}${post("/b", "")}`;
  const patient = await new RawConnection(port).send(requests);
  while (held.length < 1) await new Promise(setImmediate);
  assert.equal(log.started.length, 0);
  held[0]?.end();
  await patient.answers(3);
  await log.end(1);
  // Who leaves before it is their turn has no record.
  const hasty = await new RawConnection(port).send(requests);
  while (held.length < 2) await new Promise(setImmediate);
  hasty.socket.resetAndDestroy();
  await hasty.leave();
  await send(port, "/c", "");
  await log.end(2);
  assert.deepEqual([log.started.length, log.underWay, log.faults], [3, 0, []]);
});

test("a call that comes while the gateway closes", async (t) => {
  const log = new CallLog();
  const { gateway, port } = await serveNotes(t, { observers: [log] });
  await gateway.close();
  await send(port, GET, "{}");
  assertRejected(await log.end(0), 503, "closing");
});

test("redirects and responses to preflights are calls of no RPC", async (t) => {
  const log = new CallLog();
  const { port } = await serveNotes(t, { observers: [log], browsers: { cors: ["http://a.example"] } });
  await send(port, "/v1//notes/get", "{}");
  const headers = { Origin: "http://a.example", "Access-Control-Request-Method": "POST" };
  await send(port, GET, "", { method: "OPTIONS", headers });
  const names = ["httpStatus", "code", "rpc", "error", "rejected"] as const;
  const expected = { code: Status.OK, rpc: undefined, error: undefined, rejected: undefined };
  assert.deepEqual(part(await log.end(0), ...names), { ...expected, httpStatus: 307 });
  assert.deepEqual(part(await log.end(1), ...names), { ...expected, httpStatus: 204 });
});

test("an error of the server's is none of the gateway's own", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  const sent = send(port, GET, "{}");
  const call = await transport.nextUnary();
  call.options.progress?.onAttempt("a:1");
  const error = new GatewayError(Status.NOT_FOUND, "none");
  call.fail(error);
  await sent;
  const record = await log.end(0);
  assert.deepEqual(part(record, "code", "httpStatus", "rejected", "error"), {
    code: Status.NOT_FOUND,
    httpStatus: 404,
    rejected: undefined,
    error,
  });
});

test("a client that leaves before the response, and one that leaves in the middle of it", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  const before = open(port, GET).on("error", () => {});
  before.end("{}");
  const call = await transport.nextUnary();
  before.destroy();
  await call.canceled;
  const names = ["code", "httpStatus", "error", "rejected"] as const;
  const expected = { code: Status.CANCELLED, error: undefined, rejected: undefined };
  assert.deepEqual(part(await log.end(0), ...names), { ...expected, httpStatus: 499 });

  const amid = open(port, LIST).on("error", () => {});
  amid.end("{}");
  const stream = await transport.nextStream();
  stream.respond(note({ text: "a" }));
  const res = await response(amid);
  res.on("error", () => {});
  await once(res, "data");
  amid.destroy();
  await stream.canceled;
  const record = await log.end(1);
  assert.deepEqual(part(record, ...names), { ...expected, httpStatus: 200 });
  assert.equal(record.responseMessages, 1);
});

test("streams in each framing", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  for (const [accept, framing] of [
    ["*/*", "result-lines"],
    ["application/x-ndjson", "ndjson"],
    ["text/event-stream", "sse"],
  ] as const) {
    const sent = send(port, LIST, "{}", { headers: { Accept: accept } });
    const stream = await transport.nextStream();
    assert.equal(log.started.at(-1)?.framing, framing);
    for (const text of ["a", "b"]) stream.respond(note({ text }));
    stream.finish();
    const { body } = await sent;
    const record = await log.end(log.started.length - 1);
    assert.deepEqual(part(record, "isStream", "code", "responseMessages"), {
      isStream: true,
      code: Status.OK,
      responseMessages: 2,
    });
    const frames = framing === "sse" ? body.replace(/^retry: .*\n\n/, "").replace(/id: end\n(.|\n)*$/, "") : body;
    assert.equal(record.responseBytes, frames.length);
  }
});

test("a stream that fails in its middle has the status of HTTP that it began with, and the code of its error", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  const sent = send(port, CHAT, '{"text":"a"}{"text":"b"}');
  const stream = await transport.nextStream();
  stream.respond(note({ text: "a" }));
  stream.finish(new GatewayError(Status.DATA_LOSS, "lost"));
  await sent;
  assert.deepEqual(part(await log.end(0), "httpStatus", "code", "requestMessages", "requestBytes"), {
    httpStatus: 200,
    code: Status.DATA_LOSS,
    requestMessages: 2,
    requestBytes: 24,
  });
});

test("a stream that goes on over another connection", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  const sent = send(port, LIST, "{}");
  const stream = await transport.nextStream();
  const { progress } = stream.options;
  progress?.onAttempt("a:1");
  progress?.onAttempt("b:2");
  progress?.onResumed();
  stream.finish();
  await sent;
  assert.deepEqual(part(await log.end(0), "endpoint", "attempts", "resumptions"), {
    endpoint: "b:2",
    attempts: 2,
    resumptions: 1,
  });
});

test("a large response counts as one message with all of its bytes", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  const sent = send(port, GET, "{}");
  (await transport.nextUnary()).respond(note({ text: "a".repeat(3_000_000) }));
  const { body } = await sent;
  const record = await log.end(0);
  assert.deepEqual(part(record, "responseMessages", "responseBytes"), {
    responseMessages: 1,
    responseBytes: body.length,
  });
});

test("WebSockets: one that ends well, one whose client leaves, one that is rejected", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveSockets(t, { observers: [log], limits: { maxStreams: 1 } });
  const well = await openSocket(t, port, CHAT);
  well.send('{"text":"a"}');
  const chat = await transport.nextStream();
  chat.respond(note({ text: "abc" }));
  assert.deepEqual(part(log.started[0] ?? assert.fail(), "protocol", "framing", "isStream", "template"), {
    protocol: "websocket",
    framing: "websocket",
    isStream: true,
    template: CHAT,
  });
  const rejected = toSocket(t, port, CHAT);
  assert.equal((await rejected.rejected()).status, 503);
  assertRejected(await log.end(0), 503, "overload");
  chat.finish();
  await well.closed;
  assert.deepEqual(
    part(
      await log.end(1),
      "httpStatus",
      "code",
      "requestMessages",
      "requestBytes",
      "responseMessages",
      "responseBytes",
    ),
    { httpStatus: 101, code: Status.OK, requestMessages: 1, requestBytes: 12, responseMessages: 1, responseBytes: 25 },
  );

  const left = await openSocket(t, port, CHAT);
  left.send('{"text":"a"}');
  const stream = await transport.nextStream();
  left.ws.terminate();
  await stream.canceled;
  assert.deepEqual(part(await log.end(2), "httpStatus", "code", "error"), {
    httpStatus: 101,
    code: Status.CANCELLED,
    error: undefined,
  });

  const failing = await openSocket(t, port, GET);
  failing.send("{]}");
  await failing.closed;
  assertRejected(await log.end(3), 101, "bad-request");
  assert.equal((await toSocket(t, port, "/v1/notes/none").rejected()).status, 404);
  assertRejected(await log.end(4), 404, "not-found");
  assert.deepEqual(log.faults, []);
});

test("a pipelined request begins when its turn comes, and never if its client has left by then", async (t) => {
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [log] });
  const connection = new RawConnection(port);
  await connection.send(post(GET, "{}") + post(GET, "{}") + post(GET, "{}"));
  (await transport.nextUnary()).respond(note({}));
  await connection.answers(1);
  const second = await transport.nextUnary();
  assert.equal(log.started.length, 2);
  await connection.leave();
  await second.canceled;
  await log.end(1);
  assert.equal(log.started.length, 2);
  assert.deepEqual(log.faults, []);
});
