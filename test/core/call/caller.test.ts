import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingHttpHeaders, IncomingMessage } from "node:http";
import { constants } from "node:http2";
import { Socket } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { kv, watch } from "../../../generated/index.js";
import type { CallTimeouts } from "../../../runtime/core/call/call-timeouts.js";
import { Caller, type CallerOptions } from "../../../runtime/core/call/caller.js";
import type { Rpc } from "../../../runtime/core/call/rpc.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { Transport } from "../../../runtime/core/transport/transport.js";
import { type FaultCall, type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { TEST_CHANNEL } from "../transport/channels.js";
import { type Outcome, StreamRecorder } from "../transport/recorded-calls.js";

const { range, put } = kv.rpcs;
let server: FaultServer;
let transport: Transport;

const echo = async (call: FaultCall): Promise<void> => call.answer(await call.request());

beforeEach(async () => {
  server = await startFaultServer();
  server.handle(range.method.path, echo);
  transport = grpcTransport({ channel: TEST_CHANNEL, endpoints: [server.endpoint] });
});

afterEach(async () => {
  transport.close();
  await server.stop();
});

function make({ timeouts, ...options }: MadeOptions = {}): Caller {
  return new Caller(transport, { timeouts: { unary: 30_000, rpcs: {}, ...timeouts }, ...options });
}

interface MadeOptions extends Partial<Omit<CallerOptions, "timeouts">> {
  readonly timeouts?: CallTimeouts;
}

/** An HTTP request with these headers. */
function asking(headers: IncomingHttpHeaders = {}): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  Object.assign(req.headers, headers);
  return req;
}

function unary(caller: Caller, rpc: Rpc, headers: IncomingHttpHeaders = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    caller.unary(rpc, Buffer.from("x"), asking(headers), {
      onResponse: (message, responseHeaders, trailers) => resolve({ message, headers: responseHeaders, trailers }),
      onError: (error, trailers) => resolve({ error, trailers }),
    });
  });
}

/** The timeout that the last call came with, in milliseconds. */
function lastTimeout(): number | undefined {
  const text = server.calls.at(-1)?.headers["grpc-timeout"];
  if (text === undefined) return undefined;
  const [, digits, unit] = /^(\d+)([mSMH])$/.exec(String(text)) ?? [];
  return Number(digits) * { m: 1, S: 1_000, M: 60_000, H: 3_600_000 }[unit as "m" | "S" | "M" | "H"];
}

/** A busy machine may take seconds of it before the call has a connection. */
function assertAbout(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && actual <= expected && actual > expected - 25_000, `${actual} is not ${expected}`);
}

test("a unary call has the time that the options say, by RPC too", async () => {
  await unary(make(), range);
  assertAbout(lastTimeout(), 30_000);
  await unary(make({ timeouts: { unary: 500_000 } }), range);
  assertAbout(lastTimeout(), 500_000);
  await unary(make({ timeouts: { unary: 0 } }), range);
  assert.equal(lastTimeout(), undefined);
  const timeouts = { rpcs: { "etcdserverpb.KV.Range": 0, "etcdserverpb.KV.Put": 700_000 } };
  server.handle(put.method.path, echo);
  await unary(make({ timeouts }), range);
  assert.equal(lastTimeout(), undefined);
  await unary(make({ timeouts }), put);
  assertAbout(lastTimeout(), 700_000);
});

test("Grpc-Timeout goes before the options; 0 means none", async () => {
  await unary(make({ timeouts: { rpcs: { "etcdserverpb.KV.Range": 700_000 } } }), range, { "grpc-timeout": "200S" });
  assertAbout(lastTimeout(), 200_000);
  await unary(make(), range, { "grpc-timeout": "0S" });
  assert.equal(lastTimeout(), undefined);
  await unary(make(), range, { "grpc-timeout": "99999999H" });
  assert.equal(server.calls.at(-1)?.headers["grpc-timeout"], "99999999H");
  await unary(make(), range, { "grpc-timeout": "" });
  assertAbout(lastTimeout(), 30_000);
});

test("a Grpc-Timeout that is over, or nearly, ends the call", async () => {
  server.handle(range.method.path, () => {});
  for (const timeout of ["-1S", "1n", "300u", "50m"]) {
    const { error } = await unary(make(), range, { "grpc-timeout": timeout });
    assert.equal(error?.code, Status.DEADLINE_EXCEEDED, timeout);
  }
});

test("no timeout is too long, nor too long ago", async () => {
  for (const timeout of ["99999999H", "999999999999999999S", "9223372036854775807H"]) {
    const { message } = await unary(make(), range, { "grpc-timeout": timeout });
    assert.equal(String(message), "x", timeout);
  }
  const { error } = await unary(make(), range, { "grpc-timeout": "-9223372036854775807H" });
  assert.equal(error?.code, Status.DEADLINE_EXCEEDED);
});

test("a stream does not begin when its client's time is up", async () => {
  const caller = make();
  for (const timeout of ["-1S", "1n", "900u"]) {
    assert.throws(() => caller.stream(watch.rpcs.watch, asking({ "grpc-timeout": timeout }), new StreamRecorder()), {
      code: Status.DEADLINE_EXCEEDED,
      message: "context deadline exceeded",
    });
  }
  await caller.close(0);
  assert.equal(server.calls.length, 0);
});

test("headers that cannot be read throw, and no call is made", async () => {
  const caller = make();
  const listener = { onResponse: () => assert.fail(), onError: () => assert.fail() };
  for (const headers of [{ "grpc-timeout": "5" }, { "grpc-metadata-x-bin": "%" }]) {
    assert.throws(() => caller.unary(range, Buffer.from(""), asking(headers), listener), {
      code: Status.INVALID_ARGUMENT,
    });
    assert.throws(() => caller.stream(watch.rpcs.watch, asking(headers), new StreamRecorder()), {
      code: Status.INVALID_ARGUMENT,
    });
  }
  await caller.close(0);
  assert.equal(server.calls.length, 0);
});

test("a stream has no deadline unless its client or the options give one", async () => {
  const { watch: rpc } = watch.rpcs;
  server.handle(rpc.method.path, (call) => call.accept());
  const open = async (caller: Caller, headers: IncomingHttpHeaders = {}): Promise<void> => {
    const recorder = new StreamRecorder();
    const call = caller.stream(rpc, asking(headers), recorder);
    await once(recorder, "headers");
    call.cancel();
    await recorder.over();
  };
  await open(make());
  assert.equal(lastTimeout(), undefined);
  await open(make(), { "grpc-timeout": "80S" });
  assertAbout(lastTimeout(), 80_000);
  await open(make({ timeouts: { rpcs: { "etcdserverpb.Watch.Watch": 900_000 } } }));
  assertAbout(lastTimeout(), 900_000);
});

test("metadata reaches the server", async () => {
  await unary(make({ forwardHeaders: ["Traceparent"] }), range, {
    authorization: "token",
    "grpc-metadata-hasleader": "true",
    "grpc-metadata-blob-bin": "/w",
    traceparent: "00-1-2-01",
    cookie: "secret",
  });
  const headers = server.calls.at(-1)?.headers ?? {};
  assert.equal(headers.authorization, "token");
  assert.equal(headers["hasleader"], "true");
  assert.equal(headers["blob-bin"], "/w==");
  assert.equal(headers["traceparent"], "00-1-2-01");
  assert.equal(headers.cookie, undefined);
});

test("a header that is named twice is forwarded once", async () => {
  await unary(make({ forwardHeaders: ["X-A", "x-a"] }), range, { "x-a": "1" });
  assert.equal(server.calls.at(-1)?.headers["x-a"], "1");
});

test("only RPCs named idempotent are sent again when the connection breaks", async () => {
  for (const rpc of [range, put]) {
    let calls = 0;
    server.handle(rpc.method.path, (call) => {
      calls += 1;
      if (calls === 1) call.cut();
      else call.answer(Buffer.from("y"));
    });
  }
  const caller = make({ idempotent: new Set(["etcdserverpb.KV.Range"]) });
  assert.equal(String((await unary(caller, range)).message), "y");
  assert.equal((await unary(caller, put)).error?.code, Status.UNAVAILABLE);
  assert.deepEqual([server.count(range.method.path), server.count(put.method.path)], [2, 1]);
});

test("close lets unary calls finish, ends streams at once, and rejects new calls", async () => {
  const caller = make();
  const { watch: rpc } = watch.rpcs;
  server.handle(rpc.method.path, (call) => void call.send(Buffer.from("event")));
  let answer = (): void => {};
  server.handle(range.method.path, (call) => {
    answer = () => call.answer(Buffer.from("late"));
  });
  const recorder = new StreamRecorder();
  caller.stream(rpc, asking(), recorder);
  const underWay = unary(caller, range);
  await recorder.count(1);
  await server.reached(range.method.path, 1);

  let closed = false;
  const closing = caller.close(5_000).then(() => {
    closed = true;
  });
  await recorder.over();
  assert.equal(recorder.error?.code, Status.UNAVAILABLE);
  assert.equal(recorder.error?.message, "the gateway is shutting down");
  const watching = server.calls.find((call) => call.path === rpc.method.path);
  assert.equal(await watching?.closed, constants.NGHTTP2_CANCEL);

  assert.equal((await unary(caller, range)).error?.message, "the gateway is shutting down");
  const rejected = new StreamRecorder();
  const call = caller.stream(rpc, asking(), rejected);
  assert.equal(rejected.ends, 0, "not before stream has returned");
  call.send(Buffer.from("x"));
  call.end();
  call.cancel();
  await rejected.over();
  assert.equal(rejected.error?.message, "the gateway is shutting down");

  assert.equal(closed, false);
  answer();
  assert.equal(String((await underWay).message), "late");
  await closing;
  await caller.close(0);
  assert.equal(server.count(range.method.path), 1);
  assert.equal(server.count(rpc.method.path), 1);
});

test("what has not finished within the grace period ends with UNAVAILABLE, here and at the server", async () => {
  const caller = make();
  server.handle(range.method.path, () => {});
  const underWay = unary(caller, range);
  await server.reached(range.method.path, 1);
  await caller.close(50);
  const { error } = await underWay;
  assert.equal(error?.code, Status.UNAVAILABLE);
  assert.equal(error?.message, "the gateway is shutting down");
  assert.equal(await server.calls[0]?.closed, constants.NGHTTP2_CANCEL);
});

test("however calls end, none is left behind: close returns at once", async () => {
  const caller = make();
  const { watch: rpc } = watch.rpcs;
  const endings: ((call: FaultCall) => void | Promise<void>)[] = [
    echo,
    (call) => call.end(5, "no"),
    (call) => call.reset(),
    (call) => call.cut(),
    (call) => {
      call.send(Buffer.from("1"));
      call.send(Buffer.from("2"));
      call.end(0);
    },
  ];
  for (const ending of endings) {
    server.handle(range.method.path, ending);
    server.handle(rpc.method.path, ending);
    await unary(caller, range);
    const recorder = new StreamRecorder();
    const call = caller.stream(rpc, asking(), recorder);
    call.send(Buffer.from("x"));
    call.end();
    await recorder.over();
  }
  server.handle(range.method.path, () => {});
  await unary(caller, range, { "grpc-timeout": "20m" });
  await new Promise<void>((resolve) => {
    const call = caller.unary(range, Buffer.from(""), asking(), {
      onResponse: () => assert.fail(),
      onError: () => resolve(),
    });
    call.cancel();
  });
  const started = Date.now();
  await caller.close(600_000);
  assert.ok(Date.now() - started < 300_000);
});

test("a listener is told of a cancel once, even when the gateway closes in the same turn", async () => {
  const caller = make();
  server.handle(range.method.path, () => {});
  const ends: number[] = [];
  const call = caller.unary(range, Buffer.from(""), asking(), {
    onResponse: () => assert.fail(),
    onError: (error) => ends.push(error.code),
  });
  call.cancel();
  await caller.close(0);
  // No second end may come.
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(ends, [Status.CANCELLED]);
});
