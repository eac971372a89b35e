import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import type { ResumeOptions } from "../../../runtime/etcd/streams/resuming-transport.js";
import { asked, clock, cut, news, Session, WATCH } from "./session.js";

const unreachable = () => new GatewayError(Status.UNAVAILABLE, "no endpoint is reachable");

/** A session with a watch that is created, on a clock that stands still. */
async function watching(t: TestContext, options: Partial<ResumeOptions> = {}) {
  const tick = clock(t);
  const session = new Session(t, WATCH, options);
  const etcd = await session.opened();
  session.create();
  etcd.respond(news({ at: 10, created: true }));
  return { session, etcd, tick };
}

test("attempts follow at once, then after 100 ms, then ever later up to 2 s", async (t) => {
  const { session, etcd, tick } = await watching(t);
  cut(etcd);
  for (const [least, most] of [
    [50, 100],
    [100, 200],
    [200, 400],
    [400, 800],
    [800, 1_600],
    [1_000, 2_000],
    [1_000, 2_000],
  ] as const) {
    (await session.opened()).finish(unreachable());
    tick(least - 1);
    assert.equal(session.etcd.waiting, 0, `none before ${least} ms`);
    tick(most - least + 2);
  }
  assert.equal(session.client.ends, 0);
});

test("a stream that cannot be resumed ends with the error that broke it, when its time is up", async (t) => {
  const { session, etcd, tick } = await watching(t, { timeout: 5_000 });
  const error = cut(etcd);
  for (let waited = 0; waited < 4_900; waited += 100) {
    while (session.etcd.waiting > 0) (await session.opened()).finish(unreachable());
    tick(100);
  }
  assert.equal(session.client.ends, 0);
  tick(100);
  assert.deepEqual([session.client.ends, session.client.error], [1, error]);
  // The delays are random, so an attempt may be in progress at that time.
  while (session.etcd.waiting > 0) await (await session.opened()).canceled;
  tick(10_000);
  assert.equal(session.etcd.waiting, 0);
});

test("an attempt that is in progress when the time is up is canceled", async (t) => {
  const { session, etcd, tick } = await watching(t, { timeout: 5_000 });
  const error = cut(etcd);
  const next = await session.opened();
  tick(5_000);
  assert.equal(session.client.error, error);
  await next.canceled;
});

test("once etcd responds, the time begins anew", async (t) => {
  const { session, etcd, tick } = await watching(t, { timeout: 5_000 });
  cut(etcd);
  const next = await session.opened();
  tick(4_000);
  next.respond(news({ at: 11, created: true }));
  tick(60_000);
  next.respond(news({ at: 11, events: [11] }));
  cut(next);
  tick(4_000);
  assert.equal(session.client.ends, 0);
});

test("what breaks again and again and gets nowhere comes to an end", async (t) => {
  const { session, etcd, tick } = await watching(t, { timeout: 200 });
  const started = performance.now();
  const error = cut(etcd);
  while (session.client.ends === 0) {
    assert.ok(performance.now() - started < 60_000, "it goes on for ever");
    tick(2_000);
    if (session.etcd.waiting === 0) continue;
    const next = await session.opened();
    next.respond(news({ at: 11, created: true }));
    cut(next);
    await setImmediate();
  }
  assert.equal(session.client.error, error);
});

test("etcd's own words for a server that goes down are a break, others are not", async (t) => {
  const { session, etcd } = await watching(t);
  let stream = etcd;
  for (const error of [
    new GatewayError(Status.UNAVAILABLE, "etcdserver: no leader"),
    new GatewayError(Status.CANCELLED, "etcdserver: watch canceled"),
    new GatewayError(Status.INTERNAL, "Received RST_STREAM with code 2 (Internal server error)"),
  ]) {
    stream.finish(error);
    session.call.send(Buffer.alloc(0));
    t.mock.timers.tick(2_000);
    stream = await session.opened();
  }
  const error = new GatewayError(Status.UNAUTHENTICATED, "etcdserver: invalid auth token");
  stream.finish(error);
  assert.equal(session.client.error, error);
});

test("a status of the cluster before any response is the client's to know, as is that there is no etcd", async (t) => {
  for (const error of [new GatewayError(Status.UNAVAILABLE, "etcdserver: corrupt cluster"), unreachable()]) {
    const session = new Session(t, WATCH);
    session.create();
    (await session.opened()).finish(error);
    assert.equal(session.client.error, error);
    assert.equal(session.etcd.waiting, 0);
  }
});

test("an end that etcd chooses is an end", async (t) => {
  const { session, etcd } = await watching(t);
  etcd.finish();
  assert.deepEqual([session.client.ends, session.client.error], [1, undefined]);
});

test("a client that cancels is left alone, whether or not there is a connection", async (t) => {
  const first = await watching(t);
  first.session.call.cancel();
  await first.etcd.canceled;
  await setImmediate();
  assert.equal(first.session.client.error?.code, Status.CANCELLED);

  t.mock.timers.reset();
  const { session, etcd, tick } = await watching(t);
  cut(etcd);
  cut(await session.opened());
  session.call.cancel();
  assert.equal(session.client.ends, 0, "not from within cancel()");
  await setImmediate();
  assert.deepEqual([session.client.ends, session.client.error?.code], [1, Status.CANCELLED]);
  tick(100_000);
  assert.equal(session.etcd.waiting, 0);
});

test("a transport that is closed resumes nothing", async (t) => {
  const { session, etcd } = await watching(t);
  cut(etcd);
  cut(await session.opened());
  session.transport.close();
  assert.ok(session.etcd.closed);
  await setImmediate();
  assert.equal(session.client.error?.message, "the gateway has closed its connections");
});

test("a deadline holds for all attempts, and does not move when the system's clock is set", async (t) => {
  const START = monotonicTime();
  let now = performance.now();
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
  t.mock.method(performance, "now", () => now);
  const session = new Session(t, WATCH, {}, { deadline: START + 30 });
  const etcd = await session.opened();
  session.create();
  etcd.respond(news({ at: 10, created: true }));
  cut(etcd);
  const second = await session.opened();
  t.mock.method(Date, "now", () => START + 3_600_000);
  cut(second);
  assert.equal(session.etcd.waiting, 0);
  now += 30;
  t.mock.timers.tick(30);
  const last = await session.opened();
  assert.equal(last.options.deadline, START + 30);
  const error = new GatewayError(Status.DEADLINE_EXCEEDED, "context deadline exceeded");
  last.finish(error);
  assert.equal(session.client.error, error);
});

test("response headers are told once", async (t) => {
  const session = new Session(t, WATCH);
  session.create();
  const etcd = await session.opened();
  etcd.headers([["a", "1"]]);
  cut(etcd);
  (await session.opened()).headers([["a", "2"]]);
  assert.deepEqual(session.client.headers, [["a", "1"]]);
});

test("back-pressure holds over a break, both ways", async (t) => {
  const { session, etcd, tick } = await watching(t);
  session.call.pause();
  assert.ok(etcd.paused);
  cut(etcd);
  const second = await session.opened();
  assert.ok(second.paused, "the new call begins paused");
  session.call.resume();
  assert.ok(!second.paused);

  second.full = true;
  assert.equal(session.create(), false);
  second.drain();
  assert.equal(session.client.drains, 1);
  assert.equal(session.create(), true);

  cut(second);
  const key = Buffer.alloc(33_000);
  assert.equal(session.create({ key }), true);
  assert.equal(session.create({ key }), false, "no more than 64 KiB wait for a connection");
  tick(100);
  assert.equal(session.client.drains, 2);
  assert.equal((await asked(await session.opened())).length, 5);
});

test("empty requests that wait for a connection are limited too", async (t) => {
  const { session, etcd } = await watching(t);
  cut(etcd);
  cut(await session.opened());
  let sent = 1;
  while (sent < 1_000 && session.call.send(Buffer.alloc(0))) sent += 1;
  assert.ok(sent < 1_000, `${sent} requests were taken`);
});

test("a snapshot or a range in parts that etcd has begun is not begun again", async (t) => {
  for (const path of ["/etcdserverpb.Maintenance/Snapshot", "/etcdserverpb.KV/RangeStream"]) {
    const session = new Session(t, path);
    const etcd = await session.opened();
    session.call.send(Buffer.from("request"));
    session.call.end();
    const message = Buffer.alloc(2, 0x10);
    etcd.respond(message);
    assert.deepEqual(session.client.messages, [message]);
    const error = cut(etcd);
    assert.equal(session.client.error, error);
    assert.equal(session.etcd.waiting, 0);
  }
});

test("headers, and an end that is none of gRPC's, are no etcd to come back to", async (t) => {
  const session = new Session(t, WATCH);
  session.create();
  const stream = await session.opened();
  stream.headers([["content-type", "text/html"]]);
  const text = "Received RST_STREAM with code 0 (Call ended without gRPC status)";
  const error = new GatewayError(Status.INTERNAL, text);
  stream.finish(error);
  assert.equal(session.client.error, error);
  assert.equal(session.etcd.waiting, 0);
});
