import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import type { Metadata } from "../../../../runtime/core/transport/transport.js";
import { asked, cut, news, Session, WATCH } from "../session.js";

const created = (id: number, at: number) => news({ id, at, created: true });

/** A session with one watch of the key `k`, created at revision 10. */
async function watching(t: TestContext, ...create: Parameters<Session["create"]>) {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create(...create);
  etcd.respond(created(0, 10));
  return { session, etcd };
}

test("a watch's responses reach the client byte by byte; progress is asked for on the way to etcd", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create({ range_end: Buffer.from("l"), prev_kv: true, filters: [1] });
  assert.deepEqual(await asked(etcd), [
    { create: { key: "k", range_end: "l", progress_notify: true, filters: [1], prev_kv: true } },
  ]);
  const answers = [created(0, 10), news({ at: 12, events: [11, 12] }), news({ at: 13, id: -1 })];
  for (const answer of answers) etcd.respond(answer);
  assert.deepEqual(session.client.messages, answers.map(Buffer.from));
});

test("progress that the client has not asked for is kept from it, and counts", async (t) => {
  const { session, etcd } = await watching(t);
  etcd.respond(news({ at: 20 }));
  assert.deepEqual(session.heard(), [{ id: 0, at: 10, created: true }]);
  cut(etcd);
  assert.deepEqual(await asked(await session.opened()), [
    { create: { key: "k", start_revision: 21, progress_notify: true } },
  ]);
});

test("progress that the client has asked for is forwarded, unless it is older than what the client knows", async (t) => {
  const { session, etcd } = await watching(t, { progress_notify: true });
  etcd.respond(news({ at: 20 }));
  cut(etcd);
  const next = await session.opened();
  next.respond(created(0, 15));
  next.respond(news({ at: 15 }));
  next.respond(news({ at: 20 }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 10, created: true },
    { id: 0, at: 20 },
    { id: 0, at: 20 },
  ]);
});

test("progress reaches a watch of the future, and never goes back", async (t) => {
  const { session, etcd } = await watching(t, { start_revision: 100n, progress_notify: true });
  etcd.respond(news({ at: 12 }));
  etcd.respond(news({ at: 11 }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 10, created: true },
    { id: 0, at: 12 },
  ]);
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [{ create: { key: "k", start_revision: 100, progress_notify: true } }]);
  session.cancelWatch(0n);
  cut(next);
  assert.deepEqual(session.heard(), [{ id: 0, at: 12, canceled: true }]);
});

test("a watch from a negative revision continues behind the revision at which it was created", async (t) => {
  const { etcd, session } = await watching(t, { start_revision: -1n });
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [{ create: { key: "k", start_revision: 11, progress_notify: true } }]);
});

test("a watch from now on continues behind the revision at which it was created", async (t) => {
  const { session, etcd } = await watching(t);
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [{ create: { key: "k", start_revision: 11, progress_notify: true } }]);
  next.respond(created(0, 30));
  next.respond(news({ at: 30, events: [12] }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 10, created: true },
    { id: 0, at: 30, events: [12] },
  ]);
});

test("a watch of the past continues behind its last event, with all that it was created with", async (t) => {
  const how = { start_revision: 3n, prev_kv: true, fragment: true, filters: [0] as [0], range_end: Buffer.from("l") };
  const { session, etcd } = await watching(t, how);
  etcd.respond(news({ at: 10, events: [4, 6] }));
  cut(etcd);
  const rest = { range_end: "l", progress_notify: true, filters: [0], prev_kv: true, fragment: true };
  assert.deepEqual(await asked(await session.opened()), [{ create: { key: "k", start_revision: 7, ...rest } }]);
});

test("a watch whose start has not been reached starts there again", async (t) => {
  const { session, etcd } = await watching(t, { start_revision: 3n });
  cut(etcd);
  assert.deepEqual(await asked(await session.opened()), [
    { create: { key: "k", start_revision: 3, progress_notify: true } },
  ]);
});

test("a watch that etcd has not responded to is created as the client asked, and the client hears it once", async (t) => {
  const session = new Session(t, WATCH);
  session.create({ start_revision: 3n });
  const etcd = await session.opened();
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [{ create: { key: "k", start_revision: 3, progress_notify: true } }]);
  next.respond(created(0, 10));
  assert.deepEqual(session.heard(), [{ id: 0, at: 10, created: true }]);
});

test("events that came in fragments before the break are left out after it", async (t) => {
  const { session, etcd } = await watching(t, { fragment: true });
  session.heard();
  etcd.respond(news({ at: 12, events: [11, 12], fragment: true }));
  etcd.respond(news({ at: 12, events: [12, 12], fragment: true }));
  cut(etcd);
  const second = await session.opened();
  assert.deepEqual(await asked(second), [
    { create: { key: "k", start_revision: 12, progress_notify: true, fragment: true } },
  ]);
  second.respond(created(0, 12));
  second.respond(news({ at: 12, events: [12, 12], fragment: true }));
  second.respond(news({ at: 12, events: [12, 12], fragment: true }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 12, fragment: true, events: [11, 12] },
    { id: 0, at: 12, fragment: true, events: [12, 12] },
    { id: 0, at: 12, fragment: true, events: [12] },
  ]);
  session.call.send(Buffer.alloc(0));
  cut(second);
});

test("on several watches each continues where it is, under the id that the client knows", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create();
  session.create({ watch_id: 7n });
  session.create();
  for (const id of [0, 7, 1]) etcd.respond(created(id, 10));
  etcd.respond(news({ id: 7, at: 15, events: [15] }));
  session.heard();
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [
    { create: { key: "k", start_revision: 11, progress_notify: true } },
    { create: { key: "k", start_revision: 16, progress_notify: true, watch_id: 7 } },
    { create: { key: "k", start_revision: 11, progress_notify: true, watch_id: 1 } },
  ]);
  // etcd 3.3 does not let clients choose.
  for (const id of [0, 1, 2]) next.respond(created(id, 20));
  for (const id of [0, 1, 2]) next.respond(news({ id, at: 21, events: [21] }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 21, events: [21] },
    { id: 7, at: 21, events: [21] },
    { id: 1, at: 21, events: [21] },
  ]);
  session.cancelWatch(7n);
  session.cancelWatch(2n);
  assert.deepEqual(await asked(next), [{ cancel: 1 }]);
  next.respond(news({ id: 1, at: 21, canceled: true }));
  assert.deepEqual(session.heard(), [{ id: 7, at: 21, canceled: true }]);
});

test("a watch with a negative id continues behind its last event, under its id", async (t) => {
  for (const id of [-1, -5]) {
    const session = new Session(t, WATCH);
    const etcd = await session.opened();
    session.create({ watch_id: BigInt(id), start_revision: 3n });
    etcd.respond(created(id, 10));
    etcd.respond(news({ id, at: 12, events: [11, 12] }));
    cut(etcd);
    const next = await session.opened();
    const progress = id === -1 ? {} : { progress_notify: true };
    assert.deepEqual(await asked(next), [{ create: { key: "k", start_revision: 13, ...progress, watch_id: id } }]);
    next.respond(created(id, 13));
    next.respond(news({ id, at: 13, events: [13] }));
    next.respond(news({ id, at: 50, canceled: true, compacted: 40 }));
    assert.deepEqual(session.heard(), [
      { id, at: 10, created: true },
      { id, at: 12, events: [11, 12] },
      { id, at: 13, events: [13] },
      { id, at: 50, canceled: true, compact_revision: 40 },
    ]);
    assert.deepEqual([session.client.ends, session.client.error], [1, undefined]);
  }
});

test("progress of the stream, which may overtake events, does not move a watch with its id", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create({ watch_id: -1n, progress_notify: true });
  session.send({ $case: "progress_request", value: {} });
  etcd.respond(created(-1, 10));
  etcd.respond(news({ id: -1, at: 15 }));
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [
    { create: { key: "k", start_revision: 11, progress_notify: true, watch_id: -1 } },
  ]);
  assert.deepEqual(session.heard(), [
    { id: -1, at: 10, created: true },
    { id: -1, at: 15 },
  ]);
});

test("a watch does not continue on another cluster, and neither does its stream", async (t) => {
  for (const first of [news({ cluster: 7, at: 2, created: true }), news({ cluster: 7, at: 2, id: -1 })]) {
    const { session, etcd } = await watching(t);
    session.heard();
    cut(etcd);
    const next = await session.opened();
    next.respond(first);
    assert.deepEqual(session.heard(), []);
    assert.deepEqual([session.client.ends, session.client.error?.code], [1, Status.OUT_OF_RANGE]);
    await next.canceled;
  }
});

test("a stream counts as resumed on the same cluster, and not on another one", async (t) => {
  for (const [cluster, resumptions] of [
    [1, 1],
    [7, 0],
  ] as const) {
    let resumed = 0;
    const progress = {
      onCall: (metadata: Metadata) => metadata,
      onAttempt() {},
      onResult() {},
      onResumed: () => resumed++,
    };
    const session = new Session(t, WATCH, {}, { progress });
    const etcd = await session.opened();
    session.create();
    etcd.respond(news({ cluster: 1, at: 10, created: true }));
    cut(etcd);
    (await session.opened()).respond(news({ cluster, at: 11, created: true }));
    assert.equal(resumed, resumptions, `cluster ${cluster}`);
  }
});

test("a member that does not tell its cluster is trusted, and does not make the cluster forgotten", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const session = new Session(t, WATCH);
  const first = await session.opened();
  session.create();
  first.respond(news({ cluster: 0, at: 10, created: true }));
  cut(first);
  let etcd = await session.opened();
  for (const cluster of [1, 0, 1]) {
    etcd.respond(news({ cluster, at: 10, created: true }));
    etcd.respond(news({ cluster, at: 11, events: [11] }));
    cut(etcd);
    t.mock.timers.tick(2_000);
    etcd = await session.opened();
  }
  assert.equal(session.client.ends, 0);
  etcd.respond(news({ cluster: 7, at: 10, created: true }));
  assert.equal(session.client.error?.code, Status.OUT_OF_RANGE);
});

test("a watch that is new after a break gets an id that no other has had", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create();
  session.create();
  etcd.respond(created(0, 10));
  etcd.respond(created(1, 10));
  etcd.respond(news({ id: 1, at: 10, canceled: true, compacted: 10 }));
  cut(etcd);
  const next = await session.opened();
  session.create();
  assert.deepEqual((await asked(next)).slice(1), [{ create: { key: "k", progress_notify: true, watch_id: 2 } }]);
});

test("a revision that was compacted meanwhile is reported as etcd does, and the last watch ends the stream", async (t) => {
  const { session, etcd } = await watching(t);
  cut(etcd);
  const next = await session.opened();
  next.respond(created(0, 50));
  next.respond(news({ at: 50, canceled: true, compacted: 40 }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 10, created: true },
    { id: 0, at: 50, canceled: true, compact_revision: 40 },
  ]);
  assert.deepEqual([session.client.ends, session.client.error], [1, undefined]);
  await next.canceled;
});

test("a watch that is refused when it is created anew is canceled, not created", async (t) => {
  const { session, etcd } = await watching(t);
  session.create();
  etcd.respond(created(1, 10));
  session.heard();
  cut(etcd);
  const next = await session.opened();
  next.respond(news({ id: -1, at: 20, created: true, canceled: true, reason: "not you" }));
  assert.deepEqual(session.heard(), [{ id: 0, at: 20, canceled: true, cancel_reason: "not you" }]);
  next.respond(created(1, 20));
  next.respond(news({ id: 1, at: 21, events: [21] }));
  assert.deepEqual(session.heard(), [{ id: 1, at: 21, events: [21] }]);
});

test("requests that come while there is no connection are made up for", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, etcd } = await watching(t);
  session.create();
  etcd.respond(created(1, 10));
  session.heard();
  cut(etcd);
  cut(await session.opened());
  session.cancelWatch(0n);
  session.create({ key: Buffer.from("new") });
  session.send({ $case: "progress_request", value: {} });
  session.call.end();
  await setImmediate();
  assert.deepEqual(session.heard(), [{ id: 0, at: 10, canceled: true }]);
  t.mock.timers.tick(100);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [
    { create: { key: "k", start_revision: 11, progress_notify: true, watch_id: 1 } },
    { create: { key: "new", progress_notify: true, watch_id: 2 } },
    "progress_request",
  ]);
  next.respond(created(1, 12));
  next.respond(created(2, 12));
  assert.deepEqual(await asked(next), []);
  assert.deepEqual(session.heard(), [{ id: 2, at: 12, created: true }]);
});

test("a cancellation that etcd has not responded to when the connection breaks gets its response at once", async (t) => {
  const { session, etcd } = await watching(t);
  session.create();
  etcd.respond(created(1, 10));
  etcd.respond(news({ at: 14, events: [14] }));
  session.cancelWatch(0n);
  session.heard();
  cut(etcd);
  assert.deepEqual(session.heard(), [{ id: 0, at: 14, canceled: true }]);
  assert.equal((await asked(await session.opened())).length, 1);
});

test("a cancellation while watches are created anew follows when etcd has responded", async (t) => {
  const { session, etcd } = await watching(t);
  session.create({ watch_id: 7n });
  etcd.respond(created(7, 10));
  cut(etcd);
  const next = await session.opened();
  await asked(next);
  session.cancelWatch(7n);
  session.create({ watch_id: 7n });
  next.respond(created(0, 10));
  assert.deepEqual(await asked(next), []);
  next.respond(created(7, 10));
  assert.deepEqual(await asked(next), [{ cancel: 7 }, { create: { key: "k", progress_notify: true, watch_id: 7 } }]);
});

test("a cancellation of a watch that etcd then refuses to create anew holds no other watch back", async (t) => {
  const { session, etcd } = await watching(t);
  cut(etcd);
  const next = await session.opened();
  await asked(next);
  session.cancelWatch(0n);
  session.create({ key: Buffer.from("new") });
  session.heard();
  next.respond(news({ id: -1, at: 10, created: true, canceled: true, reason: "etcdserver: permission denied" }));
  assert.deepEqual(session.heard(), [
    { id: 0, at: 10, canceled: true, cancel_reason: "etcdserver: permission denied" },
  ]);
  assert.deepEqual(await asked(next), [{ create: { key: "new", progress_notify: true, watch_id: 1 } }]);
});

test("a client may go on after a watch that it has canceled is refused anew", async (t) => {
  const { session, etcd } = await watching(t);
  cut(etcd);
  const next = await session.opened();
  await asked(next);
  session.cancelWatch(0n);
  next.respond(news({ id: -1, at: 10, created: true, canceled: true, reason: "etcdserver: permission denied" }));
  assert.equal(session.client.ends, 0);
  session.create();
  assert.deepEqual(await asked(next), [{ create: { key: "k", progress_notify: true, watch_id: 1 } }]);
});

test("a second cancellation of a watch that is created anew changes nothing", async (t) => {
  const { session, etcd } = await watching(t);
  session.create();
  etcd.respond(created(1, 10));
  cut(etcd);
  const next = await session.opened();
  await asked(next);
  session.cancelWatch(0n);
  session.cancelWatch(0n);
  session.create();
  next.respond(created(0, 10));
  assert.deepEqual(await asked(next), [{ cancel: 0 }, { create: { key: "k", progress_notify: true, watch_id: 2 } }]);
});

test("a cancellation that was sent right behind the creation is sent behind it again", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create();
  session.cancelWatch(0n);
  session.create();
  session.call.end();
  cut(etcd);
  const next = await session.opened();
  assert.deepEqual(await asked(next), [
    { create: { key: "k", progress_notify: true } },
    { create: { key: "k", progress_notify: true, watch_id: 1 } },
  ]);
  next.respond(created(0, 10));
  assert.deepEqual(await asked(next), [{ cancel: 0 }]);
  next.respond(created(1, 10));
  next.respond(news({ at: 10, canceled: true }));
  assert.deepEqual(await asked(next), []);
  assert.deepEqual(session.heard(), [
    { id: 0, at: 10, created: true },
    { id: 1, at: 10, created: true },
    { id: 0, at: 10, canceled: true },
  ]);
  assert.equal(session.client.ends, 0);
});

test("responses under ids that etcd was not asked for are kept from a client whose ids are others", async (t) => {
  const { session, etcd } = await watching(t);
  etcd.respond(news({ id: 9, at: 11, events: [11] }));
  assert.equal(session.heard().length, 2);
  cut(etcd);
  const next = await session.opened();
  next.respond(created(0, 11));
  next.respond(news({ id: 9, at: 11, events: [11] }));
  assert.deepEqual(session.heard(), []);
});

test("an id that two watches want is not given to a third when one of them has it", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create();
  session.create({ watch_id: 1n });
  session.create({ watch_id: 1n });
  etcd.respond(created(0, 10));
  etcd.respond(created(1, 10));
  session.cancelWatch(1n);
  etcd.respond(news({ id: 1, at: 10, canceled: true }));
  cut(etcd);
  const next = await session.opened();
  session.create();
  assert.deepEqual((await asked(next)).slice(1), [
    { create: { key: "k", progress_notify: true, watch_id: 1 } },
    { create: { key: "k", progress_notify: true, watch_id: 2 } },
  ]);
});

test("the last watch that etcd cancels ends the stream, though the client may still send", async (t) => {
  const { session, etcd } = await watching(t);
  session.create({ watch_id: 7n });
  etcd.respond(news({ id: -1, at: 10, created: true, canceled: true, reason: "duplicate" }));
  assert.equal(session.client.ends, 0, "another watch is left");
  etcd.respond(news({ at: 11, canceled: true, compacted: 5 }));
  assert.deepEqual([session.client.ends, session.client.error], [1, undefined]);
  await etcd.canceled;
});

test("etcd 3.2 says only by its compact_revision that a watch is over", async (t) => {
  const { session, etcd } = await watching(t);
  etcd.respond(news({ at: 11, compacted: 5 }));
  assert.deepEqual([session.client.ends, session.client.error], [1, undefined]);
});

test("a refused watch does not end a stream on which another is awaited", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create();
  session.create();
  etcd.respond(news({ id: -1, at: 10, created: true, canceled: true }));
  assert.equal(session.client.ends, 0);
  etcd.respond(news({ id: -1, at: 10, created: true, canceled: true }));
  assert.equal(session.client.ends, 1);
  assert.equal(session.heard().length, 2);
});

test("a client that cancels its last watch may go on, until it ends its requests", async (t) => {
  const { session, etcd } = await watching(t);
  session.cancelWatch(0n);
  etcd.respond(news({ at: 10, canceled: true }));
  assert.equal(session.client.ends, 0);
  session.create();
  etcd.respond(created(1, 10));
  session.cancelWatch(1n);
  etcd.respond(news({ id: 1, at: 10, canceled: true }));
  session.call.end();
  assert.equal(session.client.ends, 0, "not from within end()");
  await setImmediate();
  assert.deepEqual([session.client.ends, session.client.error], [1, undefined]);
});

test("a whole request of create, cancel and progress ends when all responses are there", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.create();
  session.cancelWatch(0n);
  session.send({ $case: "progress_request", value: {} });
  session.call.end();
  assert.deepEqual((await asked(etcd)).slice(1), [{ cancel: 0 }, "progress_request"]);
  etcd.respond(created(0, 10));
  etcd.respond(news({ at: 10, canceled: true }));
  assert.equal(session.client.ends, 0);
  etcd.respond(news({ id: -1, at: 10 }));
  assert.equal(session.client.ends, 1);
});

test("cancellations reach etcd only if it can have the watch, as it says nothing of others", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.cancelWatch(0n);
  assert.deepEqual(await asked(etcd), []);
  session.create();
  session.cancelWatch(7n);
  assert.deepEqual((await asked(etcd)).slice(1), [{ cancel: 7 }], "it may have created 7");
  etcd.respond(created(0, 10));
  session.cancelWatch(7n);
  session.cancelWatch(0n);
  assert.deepEqual(await asked(etcd), [{ cancel: 0 }]);
});

test("without a watch, 100 requests for progress may wait for a response, as etcd 3.5 responds to none", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  const ask = (): number => {
    for (let i = 0; i < 150; i++) session.send({ $case: "progress_request", value: {} });
    return etcd.waiting;
  };
  assert.equal(ask(), 100);
  await asked(etcd);
  assert.equal(ask(), 0);
  etcd.respond(news({ id: -1, at: 10 }));
  assert.equal(ask(), 100);
  await asked(etcd);
  session.create();
  assert.equal(ask(), 151);
});

test("a stream without any watch is etcd's to end", async (t) => {
  const session = new Session(t, WATCH);
  const etcd = await session.opened();
  session.call.send(Buffer.from([0x22, 0]));
  session.call.end();
  await setImmediate();
  assert.deepEqual(await asked(etcd), ["nothing", "end"], "an action that is newer than the gateway");
  assert.equal(session.client.ends, 0);
});

test("without resumption requests and responses pass as they are, and watches still come to an end", async (t) => {
  const session = new Session(t, WATCH, { timeout: 0 });
  const etcd = await session.opened();
  session.create({ watch_id: 3n });
  session.create();
  assert.deepEqual(await asked(etcd), [{ create: { key: "k", watch_id: 3 } }, { create: { key: "k" } }]);
  etcd.respond(created(3, 10));
  etcd.respond(created(0, 10));
  etcd.respond(news({ id: 3, at: 11, canceled: true, compacted: 9 }));
  assert.equal(session.client.ends, 0);
  const error = cut(etcd);
  assert.equal(session.client.error, error);
  assert.equal(session.etcd.waiting, 0);
});

test("an event without a key is an error, wherever it is in a response, and the process goes on", async (t) => {
  const withoutKey = Buffer.from([0x5a, 0x00]);
  for (const breaks of [false, true]) {
    const { session, etcd: first } = await watching(t, { fragment: true });
    let etcd = first;
    if (breaks) {
      first.respond(news({ at: 12, events: [12], fragment: true }));
      cut(first);
      etcd = await session.opened();
      etcd.respond(news({ at: 12, created: true }));
    }
    etcd.respond(Buffer.concat([withoutKey, news({ at: 12, events: [12], fragment: true })]));
    assert.equal(session.client.error?.code, Status.INTERNAL);
    assert.equal(session.client.error?.message, "the server sent a response that cannot be read");
    await etcd.canceled;
  }
});

test("a response that cannot be read is an error, and etcd's error is passed on", async (t) => {
  const { session, etcd } = await watching(t);
  etcd.respond(Buffer.from([0x5a, 0x7f, 0x01]));
  assert.equal(session.client.error?.code, Status.INTERNAL);
  await etcd.canceled;

  const other = await watching(t);
  const denied = new GatewayError(Status.PERMISSION_DENIED, "etcdserver: permission denied");
  other.etcd.finish(denied);
  assert.equal(other.session.client.error, denied);
});
