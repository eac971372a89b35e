// On a busy machine this takes over a minute: the connections to two etcd servers break a hundred times while both write,
// and what is read is then compared with the whole history.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startGateway, type TestGateway } from "../../e2e/gateway.js";
import { ETCD_VERSIONS } from "../../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { type FaultProxy, startFaultProxy } from "../../faults/proxy.js";
import { at, base64, revisionOf, withoutHeader } from "../../http/etcd-json.js";
import { postStream, Stream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";
import { until } from "../../until.js";
import { EventLog, readWatches, write } from "./event-log.js";

for (const version of ETCD_VERSIONS) {
  describe(`over a bad network to etcd ${version}`, () => {
    let etcd: EtcdServer;
    let proxy: FaultProxy;
    /** Its connections to etcd break; `direct`'s do not. */
    let gateway: TestGateway;
    let direct: TestGateway;
    before(async () => {
      etcd = await startEtcd({ version, args: version === "3.5" ? [PROGRESS_INTERVAL] : [] });
      proxy = await startFaultProxy(Number(etcd.endpoint.split(":")[1]));
      gateway = await startGateway({ endpoints: [proxy.endpoint] });
      direct = await startGateway({ endpoints: [etcd.endpoint] });
    });
    after(async () => {
      await gateway.close();
      await direct.close();
      await proxy.stop();
      await etcd.stop();
    });
    const put = async (key: string, value = "") =>
      revisionOf((await post(`${direct.url}/v3/kv/put`, { key: base64(key), value: base64(value) })).json);

    /** Breaks all connections and lets none through until `meanwhile` is over. */
    async function interrupt(meanwhile: () => Promise<unknown>): Promise<void> {
      proxy.mode = "drop";
      proxy.reset();
      await meanwhile();
      proxy.mode = "pass";
    }

    test("every event comes once, in order, through a hundred resets", { timeout: 300_000 }, async () => {
      const range = { key: base64("w/"), range_end: base64("w0") };
      const stream = postStream(`${gateway.url}/v3/watch`, { create_request: range });
      const log = new EventLog();
      const reading = readWatches(stream, { "0": log });
      await until(() => log.created === 1, "the watch is created");
      const first = (await put("before")) + 1;
      const stop = new AbortController();
      const writers = ["a", "b"].map((name) => write(direct.url, `w/${name}`, stop.signal));
      for (let n = 0; n < 100; n++) {
        await delay(20);
        proxy.reset();
      }
      stop.abort();
      await Promise.all(writers);
      const end = await put("w/end");
      await until(() => log.last === end, "the watch has the last event");
      stream.abort();
      await reading;
      const past = postStream(`${direct.url}/v3/watch`, { create_request: { ...range, start_revision: first } });
      const history = new EventLog();
      const readingPast = readWatches(past, { "0": history });
      await until(() => history.last === end, "the watch of the past has the last event");
      past.abort();
      await readingPast;
      assert.deepEqual(log.events, history.events);
      assert.deepEqual([log.created, log.splits], [1, 0]);
    });

    test("every event comes once to a watch, whatever id the client chose for it", async () => {
      for (const id of ["0", "7", "-1", "-5", String(2n ** 63n - 1n), String(-(2n ** 63n))]) {
        const stream = postStream(`${gateway.url}/v3/watch`, { create_request: { key: base64("id"), watch_id: id } });
        const log = new EventLog();
        const reading = readWatches(stream, { [id]: log });
        await until(() => log.created === 1, "the watch is created");
        for (let n = 0; n < 3; n++) {
          const revision = await put("id");
          await until(() => log.last === revision, `the watch ${id} has an event`);
          await interrupt(() => put("id"));
        }
        const end = await put("id");
        await until(() => log.last === end, `the watch ${id} has the last event`);
        stream.abort();
        await reading;
        assert.deepEqual([log.created, log.events.length], [1, 7], `the watch ${id}`);
      }
    });

    test("a revision that is compacted meanwhile is reported, and the stream ends", async () => {
      const stream = new Stream(`${gateway.url}/v3/watch`);
      stream.write({ create_request: { key: base64("c") } });
      assert.deepEqual(withoutHeader(at(await stream.next(), "result")), { created: true });
      const revision = await put("c");
      assert.equal(at(await stream.next(), "result", "events", 0, "kv", "mod_revision"), String(revision));
      await interrupt(async () => {
        await put("c");
        await post(`${direct.url}/v3/kv/compaction`, { revision: await put("c") });
      });
      const last = Object(at(await stream.next(), "result"));
      assert.deepEqual([last.canceled, last.created, last.compact_revision], [true, undefined, String(revision + 2)]);
      assert.deepEqual(await stream.rest(), []);
      stream.abort();
    });

    if (version === "3.5") {
      test("a watch of keys that do not change keeps up with compactions", { timeout: 300_000 }, async () => {
        const stream = new Stream(`${gateway.url}/v3/watch`);
        stream.write({ create_request: { key: base64("quiet") } });
        stream.write({ create_request: { key: base64("quiet"), progress_notify: true } });
        for (const id of [undefined, "1"]) assert.equal(at(await stream.next(), "result", "created"), true, id);
        const revision = await put("other");
        // After the second notification of one watch, each has had one.
        let reached = 0;
        for (let count = 0; count < 2; ) {
          const { watch_id, header } = Object(at(await stream.next(), "result"));
          assert.equal(watch_id, "1", "progress that was not asked for");
          reached = Number(header.revision);
          if (reached >= revision) count += 1;
        }
        await interrupt(() => post(`${direct.url}/v3/kv/compaction`, { revision: reached }));
        const written = await put("quiet");
        const seen: unknown[] = [];
        while (seen.length < 2) {
          const { watch_id = "0", events, canceled } = Object(at(await stream.next(), "result"));
          assert.equal(canceled, undefined);
          if (events !== undefined) seen.push([watch_id, events[0].kv.mod_revision]);
        }
        assert.deepEqual(seen.toSorted(), [
          ["0", String(written)],
          ["1", String(written)],
        ]);
        stream.abort();
      });
    }

    test("watches are created, canceled and asked for progress while there is no connection", async () => {
      const stream = new Stream(`${gateway.url}/v3/watch`);
      const next = async () => withoutHeader(at(await stream.next(), "result"));
      stream.write({ create_request: { key: base64("x"), watch_id: 5 } });
      assert.deepEqual(await next(), { watch_id: "5", created: true });
      await interrupt(async () => {
        stream.write({ cancel_request: { watch_id: 5 } });
        stream.write({ create_request: { key: base64("y") } });
        stream.write({ progress_request: {} });
      });
      const answers = [await next(), await next(), await next()].toSorted((a, b) => idOf(a) - idOf(b));
      assert.deepEqual(answers, [{ watch_id: "-1" }, { created: true }, { watch_id: "5", canceled: true }]);
      await put("x");
      const revision = await put("y");
      assert.equal(at(await next(), "events", 0, "kv", "mod_revision"), String(revision));
      stream.abort();
    });

    test("no stream goes on on another cluster", async () => {
      const other = await startEtcd({ version });
      try {
        for (const { url, port } of [etcd, other].map(({ url, endpoint }) => ({ url, port: endpoint.split(":")[1] }))) {
          const lease = await post(`${url}/v3/lease/grant`, { TTL: 600, ID: 77 });
          assert.equal(lease.status, 200, port);
          await post(`${url}/v3/election/campaign`, { name: base64("e"), lease: 77, value: base64("v") });
        }
        const watches = new Stream(`${gateway.url}/v3/watch`);
        watches.write({ create_request: { key: base64("k") } });
        const leases = new Stream(`${gateway.url}/v3/lease/keepalive`);
        leases.write({ ID: 77 });
        const leaders = postStream(`${gateway.url}/v3/election/observe`, { name: base64("e") });
        const streams = [watches, leases, leaders];
        for (const stream of streams) assert.notEqual(at(await stream.next(), "result", "header"), undefined);
        proxy.target(Number(other.endpoint.split(":")[1]));
        proxy.reset();
        leases.write({ ID: 77 });
        const error = { code: 11, message: "etcd is another cluster than before: read the keys again" };
        for (const stream of streams) assert.deepEqual(await stream.rest(), [{ error }]);
        for (const stream of streams) stream.abort();
      } finally {
        proxy.target(Number(etcd.endpoint.split(":")[1]));
        proxy.reset();
        await other.stop();
      }
    });

    test("without resumption a break is an error line", async () => {
      const plain = await startGateway({ endpoints: [proxy.endpoint], timeouts: { resume: 0 } });
      try {
        const stream = postStream(`${plain.url}/v3/watch`, { create_request: { key: base64("k") } });
        assert.equal(at(await stream.next(), "result", "created"), true);
        proxy.reset();
        assert.deepEqual(await stream.rest(), [{ error: { code: 14, message: "the connection to the server broke" } }]);
      } finally {
        await plain.close();
      }
    });

    test("a stream that finds no etcd again ends with the error when its time is up", {
      timeout: 300_000,
    }, async () => {
      const hasty = await startGateway({ endpoints: [proxy.endpoint], timeouts: { resume: 500 } });
      try {
        const stream = postStream(`${hasty.url}/v3/watch`, { create_request: { key: base64("k") } });
        assert.equal(at(await stream.next(), "result", "created"), true);
        await interrupt(async () => {
          const started = performance.now();
          assert.deepEqual(await stream.rest(), [
            { error: { code: 14, message: "the connection to the server broke" } },
          ]);
          const took = performance.now() - started;
          assert.ok(took >= 490, `${took} ms`);
        });
      } finally {
        await hasty.close();
      }
    });
  });
}

function idOf(answer: unknown): number {
  return Number(Object(answer).watch_id ?? 0);
}

/** Flag of etcd 3.5 and later. */
const PROGRESS_INTERVAL = "--experimental-watch-progress-notify-interval=200ms";
