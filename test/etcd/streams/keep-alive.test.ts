import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { LeaseKeepAliveResponse } from "etcd-gateway/generated";
import { Status } from "../../../runtime/core/errors/status.js";
import type { FakeStream } from "../../core/http/fake-transport.js";
import { cut, KEEP_ALIVE, Session } from "./session.js";

const renewed = (ttl: number, cluster = 1) =>
  LeaseKeepAliveResponse.encode(
    LeaseKeepAliveResponse.fromPartial({ header: { cluster_id: BigInt(cluster) }, TTL: BigInt(ttl) }),
  ).finish();

const ttlOf = (message: Buffer) => Number(LeaseKeepAliveResponse.decode(message).TTL);

async function sent(stream: FakeStream): Promise<string[]> {
  const requests: string[] = [];
  while (stream.waiting > 0) requests.push(String((await stream.nextRequest()) ?? "end"));
  return requests;
}

test("keep-alives that got no response are sent again, and each gets one response", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  for (const request of ["a", "b", "c"]) session.call.send(Buffer.from(request));
  etcd.respond(renewed(1));
  session.call.end();
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await sent(next), ["b", "c"]);
  next.respond(renewed(2));
  next.respond(renewed(3));
  assert.deepEqual(await sent(next), ["end"]);
  next.finish();
  assert.deepEqual(session.client.messages.map(ttlOf), [1, 2, 3]);
  assert.equal(session.client.error, undefined);
});

test("a client that is still sending can go on, on the new connection", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  etcd.respond(renewed(1));
  cut(etcd);
  const next = await session.opened();
  session.call.send(Buffer.from("b"));
  session.call.end();
  assert.deepEqual(await sent(next), ["b"]);
  next.respond(renewed(2));
  assert.deepEqual(await sent(next), ["end"]);
});

test("when all responses are there, a break is as good as the end", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  session.call.end();
  etcd.respond(renewed(1));
  cut(etcd);
  await setImmediate();
  assert.deepEqual([session.client.ends, session.client.error, session.etcd.waiting], [1, undefined, 0]);
});

test("without resumption it is etcd's call alone", async (t) => {
  const session = new Session(t, KEEP_ALIVE, { timeout: 0 });
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  etcd.respond(renewed(1));
  const error = cut(etcd);
  assert.equal(session.client.error, error);
});

test("a lease of another cluster is not renewed in place of the client's", async (t) => {
  const session = new Session(t, KEEP_ALIVE);
  const etcd = await session.opened();
  session.call.send(Buffer.from("a"));
  etcd.respond(renewed(1));
  session.call.send(Buffer.from("b"));
  cut(etcd);
  const next = await session.opened();
  next.respond(renewed(2, 7));
  assert.deepEqual(session.client.messages.map(ttlOf), [1]);
  assert.equal(session.client.error?.code, Status.OUT_OF_RANGE);
  await next.canceled;
});
