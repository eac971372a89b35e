import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchResponse } from "etcd-gateway/generated";
import { cut, KEEP_ALIVE, news, Session, WATCH } from "../session.js";

const MANY = 3_000;

test("the work for a watch does not grow with those that there are, after a reconnection either", async (t) => {
  const session = new Session(t, WATCH);
  const first = await session.opened();
  session.create();
  first.respond(news({ at: 10, created: true }));
  cut(first);
  const etcd = await session.opened();
  const looks = t.mock.method(Map.prototype, "has");
  for (let i = 0; i < MANY; i++) session.create();
  assert.equal(etcd.waiting, MANY + 1);
  assert.ok(looks.mock.callCount() < 10 * MANY, `${looks.mock.callCount()} look-ups`);
});

test("a watch too many is created and canceled, with the reason, and the others go on", async (t) => {
  const session = new Session(t, WATCH, { maxWatches: 1 });
  const etcd = await session.opened();
  session.create();
  session.create();
  assert.equal(etcd.waiting, 1);
  await new Promise(setImmediate);
  const [refused] = session.client.messages.splice(0).map((message) => WatchResponse.decode(message));
  assert.deepEqual(
    [refused?.watch_id, refused?.created, refused?.canceled, refused?.cancel_reason],
    [-1n, true, true, "too many watches (1) on this stream: open another stream"],
  );
  etcd.respond(news({ at: 10, created: true }));
  assert.equal(session.heard().length, 1);
});

test("cancellations of unknown watches are remembered as far as there can be watches", async (t) => {
  const session = new Session(t, WATCH, { maxWatches: 10 });
  await session.opened();
  session.create();
  const kept = t.mock.method(Map.prototype, "set");
  for (let i = 1; i <= MANY; i++) session.cancelWatch(BigInt(i));
  assert.equal(kept.mock.calls.filter(({ arguments: [key] }) => typeof key === "bigint").length, 10);
});

test("keep-alives without responses are limited, even if etcd takes more", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  let sent = 1;
  while (sent < MANY && session.call.send(Buffer.alloc(0))) sent += 1;
  assert.ok(sent < MANY, `${sent} keep-alives were taken`);
  assert.equal(etcd.waiting, sent);
  assert.equal(session.client.drains, 0);
  etcd.respond(Buffer.alloc(0));
  assert.equal(session.client.drains, 1);
  assert.equal(session.call.send(Buffer.alloc(0)), false);
});

test("keep-alives that wait for responses keep their order, however many", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const first = await session.opened();
  for (let i = 0; i < MANY; i++) session.call.send(Buffer.from(String(i)));
  for (let i = 0; i < MANY - 2; i++) first.respond(Buffer.alloc(0));
  cut(first);
  const second = await session.opened();
  assert.deepEqual(
    [String(await second.nextRequest()), String(await second.nextRequest()), second.waiting],
    [String(MANY - 2), String(MANY - 1), 0],
  );
});
