import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { at, base64, revisionOf, withoutHeader } from "../../http/etcd-json.js";
import type { Stream } from "../../http/json-stream.js";
import { until } from "../../until.js";
import { onEachEtcd } from "../each-etcd.js";

/** The next message of a watch, without its header. */
async function next(stream: Stream): Promise<unknown> {
  return withoutHeader(at(await stream.next(), "result"));
}

onEachEtcd("Watch", (setup) => {
  const put = async (key: string, value: string) =>
    (await setup.post("/v3/kv/put", { key: base64(key), value: base64(value) })).json;

  test("events arrive while the request stays open", async () => {
    const stream = setup.open("/v3/watch");
    stream.write({ create_request: { key: base64("live"), prev_kv: true } });
    assert.equal(await stream.status(), 200);
    assert.deepEqual(await next(stream), { created: true });

    const created = String(revisionOf(await put("live", "one")));
    const kv = {
      key: base64("live"),
      create_revision: created,
      mod_revision: created,
      version: "1",
      value: base64("one"),
    };
    assert.deepEqual(await next(stream), { events: [{ kv }] });

    const deleted = await setup.post("/v3/kv/deleterange", { key: base64("live") });
    const tombstone = { key: base64("live"), mod_revision: at(deleted.json, "header", "revision") };
    assert.deepEqual(await next(stream), { events: [{ type: "DELETE", kv: tombstone, prev_kv: kv }] });
    stream.abort();
  });

  test("several watches on one stream: ids, cancel, progress", async () => {
    const stream = setup.open("/v3/watch");
    stream.write({ create_request: { key: base64("many/a"), watch_id: 7 } });
    assert.deepEqual(await next(stream), { watch_id: "7", created: true });
    stream.write({
      create_request: { key: base64("many/"), range_end: base64("many0"), watch_id: "8", filters: ["NOPUT"] },
    });
    assert.deepEqual(await next(stream), { watch_id: "8", created: true });

    await put("many/a", "1");
    assert.equal(at(await next(stream), "watch_id"), "7");
    stream.write({ cancel_request: { watch_id: 7 } });
    assert.deepEqual(await next(stream), { watch_id: "7", canceled: true });
    await setup.post("/v3/kv/deleterange", { key: base64("many/a") });
    assert.equal(at(await next(stream), "watch_id"), "8");

    stream.write({ progress_request: {} });
    assert.deepEqual(await next(stream), { watch_id: "-1" });
    stream.abort();
  });

  test("a request body in pieces, cut anywhere", async () => {
    const stream = setup.open("/v3/watch");
    const body = ["a", "b", "c"].map((key) => JSON.stringify({ create_request: { key: base64(key) } })).join("");
    for (let i = 0; i < body.length; i += 5) {
      stream.write(body.slice(i, i + 5));
      // The pieces are to arrive one by one, but the result does not depend on it.
      await delay(1);
    }
    assert.deepEqual(await next(stream), { created: true });
    assert.deepEqual(await next(stream), { watch_id: "1", created: true });
    assert.deepEqual(await next(stream), { watch_id: "2", created: true });
    stream.abort();
  });

  test("a watch goes on after its request has ended, and starts at an older revision", async () => {
    const first = String(revisionOf(await put("history", "1")));
    await put("history", "2");
    const stream = setup.postStream("/v3/watch", { create_request: { key: base64("history"), start_revision: first } });
    assert.deepEqual(await next(stream), { created: true });
    const events = at(await stream.next(), "result", "events");
    assert.deepEqual([at(events, 0, "kv", "value"), at(events, 1, "kv", "value")], [base64("1"), base64("2")]);
    await put("history", "3");
    assert.equal(at(await stream.next(), "result", "events", 0, "kv", "version"), "3");
    stream.abort();
  });

  test("a watch from a compacted revision is canceled", async () => {
    await put("compact", "1");
    const revision = revisionOf(await put("compact", "2"));
    await setup.post("/v3/kv/compaction", { revision });
    const stream = setup.postStream("/v3/watch", { create_request: { key: base64("compact"), start_revision: 1 } });
    assert.deepEqual(await next(stream), { created: true });
    const { compact_revision, canceled } = Object(await next(stream));
    assert.deepEqual({ compact_revision, canceled }, { compact_revision: String(revision), canceled: true });
    stream.abort();
  });

  test("a client that goes away takes its watchers with it", async () => {
    const watchers = async () => (await setup.etcd.metrics()).get("etcd_debugging_mvcc_watcher_total");
    await until(async () => (await watchers()) === 0, "etcd has no watches");
    const streams = Array.from({ length: 20 }, (_, i) =>
      setup.postStream("/v3/watch", { create_request: { key: base64(`away/${i}`) } }),
    );
    for (const stream of streams) assert.deepEqual(await next(stream), { created: true });
    assert.equal(await watchers(), 20);
    for (const stream of streams) stream.abort();
    await until(async () => (await watchers()) === 0, "etcd has no watches");
  });
});
