import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError, Status, type StatusCode } from "@etcd-gateway/runtime";
import { noteEndpoint } from "../../../runtime/core/transport/failed-endpoint.js";
import { isMemberFault, REPEAT_DELAYS } from "../../../runtime/etcd/streams/member-fault.js";
import { resumingTransport } from "../../../runtime/etcd/streams/resuming-transport.js";
import { FakeTransport } from "../../core/http/fake-transport.js";
import { unary } from "../../core/transport/recorded-calls.js";
import { KEEP_ALIVE, Session } from "./session.js";

const FAULTS: readonly (readonly [StatusCode, string])[] = [
  [Status.UNKNOWN, "not a primary lessor"],
  [Status.UNKNOWN, "lease: not a primary lessor"],
  [Status.FAILED_PRECONDITION, "etcdserver: not leader"],
  [Status.UNKNOWN, "etcdserver: leader changed"],
  [Status.UNAVAILABLE, "etcdserver: no leader"],
  [Status.UNAVAILABLE, "etcdserver: request timed out"],
  [Status.UNKNOWN, "etcdserver: request timed out, possibly due to previous leader failure"],
  [Status.UNKNOWN, "rpc error: code = Unavailable desc = etcdserver: server stopped"],
  [Status.UNKNOWN, "raft: stopped"],
];
const RANGE = "/etcdserverpb.KV/Range";

function resuming(etcd: FakeTransport) {
  return resumingTransport(etcd, { timeout: 60_000, refusals: "message", maxWatches: 10 });
}

for (const [code, message] of FAULTS) {
  test(`"${message}" is a word for another member`, async (t) => {
    assert.equal(isMemberFault(message), true);
    const session = new Session(t, KEEP_ALIVE);
    const first = await session.opened();
    session.call.send(Buffer.from("a"));
    first.respond(Buffer.alloc(0));
    session.call.send(Buffer.from("b"));
    first.finish(new GatewayError(code, message));
    const second = await session.opened();
    assert.equal(String(await second.nextRequest()), "b");

    const single = new Session(t, KEEP_ALIVE);
    single.call.send(Buffer.from("c"));
    (await single.opened()).finish(new GatewayError(code, message));
    assert.equal(String(await (await single.etcd.nextStream()).nextRequest()), "c");

    const etcd = new FakeTransport();
    const reading = unary(resuming(etcd), RANGE, "r", { idempotent: true });
    (await etcd.nextUnary()).fail(new GatewayError(code, message));
    (await etcd.nextUnary()).respond(Buffer.from("R"));
    assert.equal((await reading).message?.toString(), "R");

    const writing = unary(resuming(etcd), "/etcdserverpb.KV/Put", "w");
    const error = new GatewayError(code, message);
    (await etcd.nextUnary()).fail(error);
    assert.equal((await writing).error, error);
    assert.equal(etcd.waiting, 0);
  });
}

const OF_LEARNER = new GatewayError(Status.UNAVAILABLE, "etcdserver: rpc not supported for learner");
noteEndpoint(OF_LEARNER, "learner:2379");

test("a learner has carried out nothing, so a write is repeated, too", async () => {
  const etcd = new FakeTransport();
  const writing = unary(resuming(etcd), "/etcdserverpb.KV/Put", "w");
  (await etcd.nextUnary()).fail(OF_LEARNER);
  const second = await etcd.nextUnary();
  assert.deepEqual(second.options.avoid, ["learner:2379"]);
  second.respond(Buffer.from("W"));
  assert.equal((await writing).message?.toString(), "W");
});

test("a write that a member dropped before any could store it is repeated, but not one that may follow another", async () => {
  const etcd = new FakeTransport();
  const dropped = new GatewayError(Status.UNKNOWN, "raft proposal dropped");
  const granting = unary(resuming(etcd), "/etcdserverpb.Lease/LeaseGrant", "g");
  (await etcd.nextUnary()).fail(dropped);
  (await etcd.nextUnary()).respond(Buffer.from("G"));
  assert.equal((await granting).message?.toString(), "G");

  const locking = unary(resuming(etcd), "/v3lockpb.Lock/Lock", "l");
  (await etcd.nextUnary()).fail(dropped);
  assert.equal((await locking).error, dropped);
  assert.equal(etcd.waiting, 0);
});

test("a stream to which no member responds otherwise is told of it after a few attempts, and was never resumed", async (t) => {
  let resumed = 0;
  const progress = { onCall: () => [], onAttempt() {}, onResult() {}, onResumed: () => void resumed++ };
  const session = new Session(t, KEEP_ALIVE, {}, { progress });
  session.call.send(Buffer.from("a"));
  for (const _ of REPEAT_DELAYS) (await session.etcd.nextStream()).finish(OF_LEARNER);
  const last = await session.etcd.nextStream();
  assert.equal(session.client.error, undefined);
  last.finish(OF_LEARNER);
  assert.equal(session.client.error, OF_LEARNER);

  const other = new Session(t, KEEP_ALIVE, {}, { progress });
  other.call.send(Buffer.from("a"));
  (await other.opened()).finish(OF_LEARNER);
  const second = await other.etcd.nextStream();
  assert.deepEqual(second.options.avoid, ["learner:2379"]);
  second.respond(Buffer.alloc(0));
  assert.equal(other.client.messages.length, 1);
  assert.equal(resumed, 0);
});

test("other errors are about the request, and are told", async () => {
  for (const message of [
    "election: no leader",
    "etcdserver: permission denied",
    "no leader of yours",
    "x: not leader",
  ]) {
    assert.equal(isMemberFault(message), false);
    const etcd = new FakeTransport();
    const reading = unary(resuming(etcd), RANGE, "r", { idempotent: true });
    (await etcd.nextUnary()).fail(new GatewayError(Status.UNKNOWN, message));
    assert.equal((await reading).error?.message, message);
    assert.equal(etcd.waiting, 0);
  }
});

test("a cluster without a leader is told of after a few attempts", async () => {
  const etcd = new FakeTransport();
  const noLeader = () => new GatewayError(Status.UNAVAILABLE, "etcdserver: no leader");
  const reading = unary(resuming(etcd), RANGE, "r", { idempotent: true });
  for (let attempt = 0; attempt < 5; attempt++) (await etcd.nextUnary()).fail(noLeader());
  assert.equal((await reading).error?.message, "etcdserver: no leader");
});

test("a call that is canceled between two attempts ends at once, as canceled", async () => {
  const etcd = new FakeTransport();
  const started: { cancel(): void }[] = [];
  const canceled = unary(resuming(etcd), RANGE, "r", { idempotent: true }, (call) => started.push(call));
  (await etcd.nextUnary()).fail(new GatewayError(Status.UNAVAILABLE, "etcdserver: no leader"));
  for (let i = 0; i < 2; i++) started[0]?.cancel();
  assert.equal((await canceled).error?.code, Status.CANCELLED);
  assert.equal(etcd.waiting, 0);
});
