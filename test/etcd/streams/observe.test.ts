import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { LeaderRequest, LeaderResponse } from "etcd-gateway/generated";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import type { CallOptions } from "../../../runtime/core/transport/transport.js";
import { clock, cut, OBSERVE, Session } from "./session.js";

const leader = (key: string, mod_revision: number, revision = mod_revision, cluster = 1) =>
  LeaderResponse.encode(
    LeaderResponse.fromPartial({
      header: { cluster_id: BigInt(cluster), revision: BigInt(revision) },
      kv: { key: Buffer.from(key), mod_revision: BigInt(mod_revision), value: Buffer.from("v") },
    }),
  ).finish();

async function observing(t: TestContext, options: Partial<CallOptions> = {}) {
  const session = new Session(t, OBSERVE, {}, options);
  const request = LeaderRequest.encode({ name: Buffer.from("e") }).finish();
  session.call.send(request);
  session.call.end();
  const etcd = await session.opened();
  const heard = () =>
    session.client.messages.splice(0).map((message) => Number(LeaderResponse.decode(message).kv?.mod_revision));
  return { session, etcd, request: Buffer.from(request), heard };
}

test("the leader that the client knows is not told again after a break, another one or another value is", async (t) => {
  const tick = clock(t);
  const { session, etcd, request, heard } = await observing(t);
  etcd.respond(leader("e/a", 5));
  etcd.respond(leader("e/a", 7));
  cut(etcd);
  const second = await session.opened();
  assert.deepEqual([await second.nextRequest(), await second.nextRequest()], [request, undefined]);
  second.respond(leader("e/a", 7, 30));
  assert.deepEqual(heard(), [5, 7]);
  second.respond(leader("e/a", 31));
  cut(second);
  tick(100);
  const third = await session.opened();
  // A leader that waited since before the other was elected.
  third.respond(leader("e/b", 6, 40));
  third.respond(leader("e/b", 6, 40));
  assert.deepEqual(heard(), [31, 6, 6]);
});

test("the leader of another cluster is not taken for one that the client knows, or for the next one", async (t) => {
  const { session, etcd, heard } = await observing(t);
  etcd.respond(leader("e/a", 5));
  cut(etcd);
  (await session.opened()).respond(leader("e/a", 5, 5, 7));
  assert.deepEqual(heard(), [5]);
  assert.equal(session.client.error?.code, Status.OUT_OF_RANGE);
});

test("an observer that has heard nothing hears all", async (t) => {
  const { session, etcd, heard } = await observing(t);
  cut(etcd);
  (await session.opened()).respond(leader("e/a", 5));
  assert.deepEqual(heard(), [5]);
});

test("etcd's own end of an observation, which it cannot go on with, is a break", async (t) => {
  const tick = clock(t);
  const { session, etcd, request, heard } = await observing(t);
  etcd.respond(leader("e/a", 5));
  etcd.finish();
  (await session.opened()).finish(new GatewayError(Status.UNKNOWN, "election: observe closed early"));
  const why = await session.etcd.nextUnary();
  assert.deepEqual([why.path, Buffer.from(why.request)], ["/v3electionpb.Election/Leader", request]);
  why.fail(new GatewayError(Status.UNKNOWN, "election: no leader"));
  tick(100);
  const third = await session.opened();
  third.respond(leader("e/a", 6));
  assert.deepEqual(heard(), [5, 6]);
  const error = new GatewayError(Status.UNKNOWN, "something else");
  third.finish(error);
  assert.equal(session.client.error, error);
});

for (const message of [
  "etcdserver: invalid auth token",
  "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
]) {
  test(`an observer that etcd no longer accepts learns it at once: ${message}`, async (t) => {
    const { session, etcd } = await observing(t);
    etcd.respond(leader("e/a", 5));
    etcd.finish();
    (await session.opened()).finish();
    const refusal = new GatewayError(Status.UNKNOWN, message);
    (await session.etcd.nextUnary()).fail(refusal);
    assert.equal(session.client.error, refusal);
  });
}

test("an observer ends as canceled while etcd is asked why it ended", async (t) => {
  const { session, etcd } = await observing(t);
  etcd.respond(leader("e/a", 5));
  etcd.finish();
  (await session.opened()).finish();
  const why = await session.etcd.nextUnary();
  session.call.cancel();
  await why.canceled;
  await setImmediate();
  assert.equal(session.client.error?.code, Status.CANCELLED);
  assert.equal(session.client.ends, 1);
});

test("a response that cannot be read is an error", async (t) => {
  const { session, etcd } = await observing(t);
  etcd.respond(Buffer.from([0x12, 0x7f]));
  assert.equal(session.client.error?.code, Status.INTERNAL);
});

for (const error of [undefined, new GatewayError(Status.UNKNOWN, "election: observe closed early")]) {
  test(`an observation that ends before it has begun fails: ${error?.message ?? "no error"}`, async (t) => {
    const { session, etcd } = await observing(t);
    etcd.finish(error);
    assert.equal(session.client.ends, 1);
    assert.equal(session.client.error?.code, Status.UNAVAILABLE);
    assert.match(session.client.error.message, /^etcd cannot observe the election: /);
  });

  test(`at the deadline, which may expire at etcd first, it is a timeout: ${error?.message ?? "no error"}`, async (t) => {
    const now = performance.now();
    t.mock.method(performance, "now", () => now);
    for (const [left, code] of [
      [1_000, Status.UNAVAILABLE],
      [50, Status.DEADLINE_EXCEEDED],
      [-1, Status.DEADLINE_EXCEEDED],
    ] as const) {
      const { session, etcd } = await observing(t, { deadline: monotonicTime() + left });
      etcd.finish(error);
      assert.equal(session.client.error?.code, code, `${left} ms before the deadline`);
    }
  });
}

test("an observer that leaves while the gateway asks why etcd has ended it is told that it has canceled", async (t) => {
  const { session, etcd } = await observing(t);
  etcd.respond(leader("e/a", 5));
  cut(etcd);
  const ended = await session.opened();
  ended.finish(undefined);
  // As in the other transports, nothing comes of a call that has ended.
  ended.cancel = () => {};
  const check = await session.etcd.nextUnary();
  session.call.cancel();
  await check.canceled;
  await setImmediate();
  assert.deepEqual([session.client.ends, session.client.error?.code], [1, Status.CANCELLED]);
  assert.equal(session.etcd.waiting, 0);
});
