import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { FakeStream } from "../../core/http/fake-transport.js";
import { cut, KEEP_ALIVE, Session } from "./session.js";

async function sent(stream: FakeStream): Promise<string[]> {
  const requests: string[] = [];
  while (stream.waiting > 0) requests.push(String((await stream.nextRequest()) ?? "end"));
  return requests;
}

test("keep-alives that got no response are sent again, and each gets one response", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  for (const request of ["a", "b", "c"]) session.call.send(Buffer.from(request));
  etcd.respond(Buffer.from("A"));
  session.call.end();
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await sent(next), ["b", "c"]);
  next.respond(Buffer.from("B"));
  next.respond(Buffer.from("C"));
  assert.deepEqual(await sent(next), ["end"]);
  next.finish();
  assert.deepEqual(session.client.messages.map(String), ["A", "B", "C"]);
  assert.equal(session.client.error, undefined);
});

test("a client that is still sending can go on, on the new connection", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  etcd.respond(Buffer.from("A"));
  cut(etcd);
  const next = await session.opened();
  session.call.send(Buffer.from("b"));
  session.call.end();
  assert.deepEqual(await sent(next), ["b"]);
  next.respond(Buffer.from("B"));
  assert.deepEqual(await sent(next), ["end"]);
});

test("when all responses are there, a break is as good as the end", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  session.call.end();
  etcd.respond(Buffer.from("A"));
  cut(etcd);
  await setImmediate();
  assert.deepEqual([session.client.ends, session.client.error, session.etcd.waiting], [1, undefined, 0]);
});

test("without resumption it is etcd's call alone", async (t) => {
  const session = new Session(t, KEEP_ALIVE, { timeout: 0 });
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  etcd.respond(Buffer.from("A"));
  const error = cut(etcd);
  assert.equal(session.client.error, error);
});
