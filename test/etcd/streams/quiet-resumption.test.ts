import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError, Status } from "@etcd-gateway/runtime";
import type { FakeStream } from "../../core/http/fake-transport.js";
import { clock, cut, KEEP_ALIVE, OBSERVE, Session } from "./session.js";

/** Plays the member that gets a call. */
const arrive = ({ options }: FakeStream): void => options.progress?.onAttempt("member");

test("a keep-alive stream without pending requests outlives the time to resume it, because etcd owes nothing", async (t) => {
  const tick = clock(t);
  const session = new Session(t, KEEP_ALIVE, { timeout: 5_000 });
  const first = await session.opened();
  session.call.send(Buffer.from("a"));
  first.respond(Buffer.alloc(0));
  cut(first);
  const second = await session.opened();
  arrive(second);
  tick(60_000);
  assert.equal(session.client.ends, 0);
  session.call.send(Buffer.from("b"));
  assert.equal(String(await second.nextRequest()), "b");
  second.respond(Buffer.alloc(0));
  assert.equal(session.client.messages.length, 2);
  cut(second);
  tick(4_000);
  assert.equal(session.client.ends, 0);
});

test("an observer of an election without a leader, which a learner has refused, stays at the next member", async (t) => {
  const tick = clock(t);
  const session = new Session(t, OBSERVE, { timeout: 5_000 });
  session.call.send(Buffer.from("e"));
  (await session.opened()).finish(new GatewayError(Status.UNAVAILABLE, "etcdserver: rpc not supported for learner"));
  arrive(await session.opened());
  tick(60_000);
  assert.equal(session.client.ends, 0);
});

test("a stream to which etcd owes a response ends when its time is up, and so does one that no member has", async (t) => {
  const tick = clock(t);
  const idle = new Session(t, KEEP_ALIVE, { timeout: 5_000 });
  const first = await idle.opened();
  first.respond(Buffer.alloc(0));
  const error = cut(first);
  await idle.opened();
  tick(5_000);
  assert.equal(idle.client.error, error);

  const renewing = new Session(t, KEEP_ALIVE, { timeout: 5_000 });
  renewing.call.send(Buffer.from("a"));
  const broken = cut(await renewing.opened());
  tick(2_000);
  arrive(await renewing.opened());
  tick(5_000);
  assert.equal(renewing.client.error, broken);
});
