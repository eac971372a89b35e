import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError, Status, type StatusCode } from "@etcd-gateway/runtime";
import { isMemberFault } from "../../../runtime/etcd/streams/member-fault.js";
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
