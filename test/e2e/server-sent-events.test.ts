import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { type Event, EventReader } from "../core/session/event-reader.js";
import { at, base64, revisionOf } from "../http/etcd-json.js";
import { onEachEtcd } from "./each-etcd.js";

/** Opens a stream as a browser's `EventSource` does. */
function eventSource(url: string, lastEventId?: string): Promise<IncomingMessage> {
  const headers = { accept: "text/event-stream", ...(lastEventId && { "last-event-id": lastEventId }) };
  return new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on("error", reject));
}

/** What an event holds; it has to be of the type given. */
function json(event: Event | undefined, type = "message"): unknown {
  assert.ok(event !== undefined, "the stream has ended");
  assert.equal(event.type, type, event.data);
  return JSON.parse(event.data);
}

/** The values that the events of a message have put. */
function valuesOf(message: unknown): string[] {
  const { events = [] } = Object(message);
  return events.map((event: unknown) => Buffer.from(String(at(event, "kv", "value")), "base64").toString());
}

function watchUrl(key: string, more: Readonly<Record<string, string>> = {}): string {
  const parameters = { "create_request.key": base64(key), "create_request.range_end": base64(`${key}\xff`), ...more };
  return `/v3/watch?${new URLSearchParams(parameters)}`;
}

onEachEtcd("Server-sent events", (setup) => {
  const put = async (key: string, value: string) =>
    (await setup.post("/v3/kv/put", { key: base64(key), value: base64(value) })).json;
  const open = (path: string, last?: string) => eventSource(setup.url(path), last);

  test("a watch by GET, with revisions as ids", async () => {
    const before = revisionOf(await put("get/a", "0"));
    const res = await open(watchUrl("get/"));
    assert.equal(res.statusCode, 200);
    const events = new EventReader(res);
    const created = await events.next();
    assert.equal(at(json(created), "created"), true);
    assert.equal(created?.id, String(before));
    const revision = String(revisionOf(await put("get/a", "1")));
    const event = await events.next();
    assert.deepEqual(valuesOf(json(event)), ["1"]);
    assert.equal(event?.id, revision);
    res.destroy();
  });

  test("nothing is lost or repeated, wherever the connection is cut", async () => {
    const total = 400;
    const writing = (async () => {
      for (let i = 0; i < total; i++) await put(`cut/${i % 7}`, String(i));
    })();
    const seen: string[] = [];
    let last = "";
    let cuts = 0;
    while (seen.at(-1) !== String(total - 1)) {
      const first = last === "" ? { "create_request.start_revision": "1" } : {};
      const res = await open(watchUrl("cut/", first), last);
      assert.equal(res.statusCode, 200);
      const events = new EventReader(res);
      // Cut before the first event, too.
      for (let messages = cuts++ % 5; messages >= 0; messages--) {
        seen.push(...valuesOf(json(await events.next())));
        if (seen.at(-1) === String(total - 1)) break;
      }
      last = events.id;
      res.destroy();
    }
    await writing;
    assert.deepEqual(
      seen,
      Array.from({ length: total }, (_, i) => String(i)),
    );
    assert.ok(cuts > 5, `${cuts} connections`);
  });

  test("a watch that was cut before its first event goes on from where it began", async () => {
    const res = await open(watchUrl("early/"));
    const events = new EventReader(res);
    await events.next();
    res.destroy();
    await put("early/a", "meanwhile");
    const again = await open(watchUrl("early/"), events.id);
    const more = new EventReader(again);
    assert.equal(at(json(await more.next()), "created"), true);
    assert.deepEqual(valuesOf(json(await more.next())), ["meanwhile"]);
    again.destroy();
  });

  test("the events of a revision that comes in fragments have their id with the last of them", async () => {
    const start = revisionOf(await put("txn/", "first"));
    for (const half of ["a", "b"]) {
      const success = Array.from({ length: 40 }, (_, i) => ({
        request_put: { key: base64(`txn/${half}${i}`), value: base64("x".repeat(30_000)) },
      }));
      assert.equal((await setup.post("/v3/kv/txn", { success })).status, 200);
    }
    // Together they are longer than etcd's messages, and are cut within the second revision.
    const more = { "create_request.start_revision": String(start), "create_request.fragment": "true" };
    const res = await open(watchUrl("txn/", more));
    const events = new EventReader(res);
    const messages: { count: number; isFragment: boolean; id: string }[] = [];
    for (let count = 0; count < 81; count += messages.at(-1)?.count ?? 0) {
      const event = await events.next();
      const message = json(event);
      const isFragment = Object(message).fragment === true;
      messages.push({ count: valuesOf(message).length, isFragment, id: event?.id ?? "" });
    }
    res.destroy();
    const ofEvents = messages.filter(({ count }) => count > 0);
    assert.deepEqual(
      ofEvents.map(({ isFragment, id }) => ({ isFragment, id })),
      [
        { isFragment: true, id: "" },
        { isFragment: false, id: String(start + 2) },
      ],
    );
    const again = await open(watchUrl("txn/"), events.id);
    const following = new EventReader(again);
    await following.next();
    await put("txn/z", "next");
    assert.deepEqual(valuesOf(json(await following.next())), ["next"]);
    again.destroy();
  });

  test("newline-delimited JSON of several watches", async () => {
    const stream = setup.open("/v3/watch", { accept: "application/x-ndjson" });
    stream.write({ create_request: { key: base64("several/a") } });
    stream.write({ create_request: { key: base64("several/b") } });
    assert.equal(at(await stream.next(), "created"), true, "no result around it");
    assert.equal(at(await stream.next(), "watch_id"), "1");
    await put("several/b", "b");
    assert.deepEqual(valuesOf(await stream.next()), ["b"]);
    stream.abort();
  });

  test("who comes back too late is told so by a status, and EventSource stays away", async () => {
    const first = revisionOf(await put("late/a", "1"));
    await put("late/a", "2");
    const now = revisionOf(await put("late/a", "3"));
    await setup.post("/v3/kv/compaction", { revision: now });
    const res = await open(watchUrl("late/"), String(first));
    assert.equal(res.statusCode, 400);
    assert.equal(res.headers["content-type"], "application/json");
    const [body] = await res.toArray();
    assert.deepEqual(JSON.parse(String(body)), {
      code: 11,
      message: "etcdserver: mvcc: required revision has been compacted",
    });
  });

  test("a lease keep-alive by GET responds once and is over", async () => {
    const granted = await setup.post("/v3/lease/grant", { TTL: "600" });
    const id = String(at(granted.json, "ID"));
    const res = await open(`/v3/lease/keepalive?ID=${id}`);
    const events = new EventReader(res);
    assert.equal(at(json(await events.next()), "TTL"), "600");
    const end = await events.next();
    assert.deepEqual(json(end, "end"), {});
    assert.equal((await open(`/v3/lease/keepalive?ID=${id}`, end?.id)).statusCode, 204);
  });

  test("a snapshot by GET: what is over is not sent again", async () => {
    const res = await open("/v3/maintenance/snapshot");
    const events = new EventReader(res);
    let event = await events.next();
    let size = 0;
    for (; event?.type === "message"; event = await events.next()) {
      size += Buffer.from(String(at(json(event), "blob")), "base64").length;
    }
    assert.ok(size > 0);
    assert.deepEqual(json(event, "end"), {});
    assert.equal((await open("/v3/maintenance/snapshot", event?.id)).statusCode, 204);
  });

  test("the older prefixes, too", async () => {
    for (const prefix of ["/v3beta", "/v3alpha"]) {
      const res = await open(watchUrl("old/").replace("/v3", prefix));
      assert.equal(at(json(await new EventReader(res).next()), "created"), true);
      res.destroy();
    }
  });

  test("a browser that just looks gets 405, and a nonsensical id 400", async () => {
    const res = await new Promise<IncomingMessage>((resolve) => get(setup.url("/v3/watch"), { agent: false }, resolve));
    assert.equal(res.statusCode, 405);
    assert.equal(res.headers.allow, "POST");
    res.destroy();
    assert.equal((await open(watchUrl("x"), "nonsense")).statusCode, 400);
    assert.equal((await open("/v3/watch?create_request.key=*")).statusCode, 400);
  });
});
