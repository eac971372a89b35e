import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startGateway, type TestGateway } from "../../e2e/gateway.js";
import { type EtcdCluster, type EtcdServer, startCluster } from "../../etcd-server/server.js";
import { at, base64, revisionOf } from "../../http/etcd-json.js";
import { postStream, Stream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";
import { until } from "../../until.js";
import { EventLog, readWatches, write } from "./event-log.js";

describe("while the members of a cluster go down, one after the other", () => {
  let cluster: EtcdCluster;
  let gateway: TestGateway;
  before(async () => {
    cluster = await startCluster(3);
    gateway = await startGateway({ endpoints: cluster.endpoints });
  });
  after(async () => {
    await gateway.close();
    await cluster.stop();
  });
  const call = (path: string, body?: unknown) => post(gateway.url + path, body);

  /** A member that has watchers. */
  async function watched(): Promise<EtcdServer | undefined> {
    for (const member of cluster.members) {
      if (((await member.metrics()).get("etcd_debugging_mvcc_watcher_total") ?? 0) > 0) return member;
    }
    return undefined;
  }

  test("every event reaches a watch once, in order, in one piece", { timeout: 120_000 }, async () => {
    const first = revisionOf((await call("/v3/kv/put", { key: base64("before") })).json) + 1;
    const range = { key: base64("w/"), range_end: base64("w0") };
    const stream = new Stream(`${gateway.url}/v3/watch`);
    stream.write({ create_request: { ...range, prev_kv: true } });
    stream.write({ create_request: { ...range, watch_id: 7, filters: ["NOPUT"] } });
    const all = new EventLog();
    const deletions = new EventLog();
    const reading = readWatches(stream, { "0": all, "7": deletions });

    await until(() => all.created === 1 && deletions.created === 1, "both watches are created");

    const stop = new AbortController();
    const writers = ["a", "b", "c"].map((name) => write(gateway.url, `w/${name}`, stop.signal));
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
      await until(async () => (await watched()) !== undefined, "an etcd has the watch");
      const victim = await watched();
      const seen = all.events.length;
      await victim?.kill(signal);
      await until(() => all.events.length > seen + 20, "events arrive");
      await victim?.restart();
    }
    stop.abort();
    await Promise.all(writers);
    await call("/v3/kv/put", { key: base64("w/end") });
    const end = revisionOf((await call("/v3/kv/deleterange", { key: base64("w/end") })).json);
    await until(() => all.last === end && deletions.last === end, "both watches have the last event");
    stream.abort();
    await reading;

    const history = new EventLog();
    const past = postStream(`${gateway.url}/v3/watch`, {
      create_request: { ...range, prev_kv: true, start_revision: first },
    });
    const readingPast = readWatches(past, { "0": history });
    await until(() => history.last === end, "the watch of the past has the last event");
    past.abort();
    await readingPast;

    assert.ok(history.events.length > 60, `only ${history.events.length} events`);
    assert.deepEqual(all.events, history.events);
    const isDeletion = (event: unknown) => Object(event).type === "DELETE";
    assert.deepEqual(deletions.events, history.events.filter(isDeletion).map(withoutPrevious));
    assert.deepEqual([all.created, deletions.created, all.splits, deletions.splits], [1, 1, 0, 0]);
  });

  test("lease keep-alives go on, each with one response", { timeout: 60_000 }, async () => {
    const ID = at((await call("/v3/lease/grant", { TTL: 60 })).json, "ID");
    const stream = new Stream(`${gateway.url}/v3/lease/keepalive`);
    const keepAlive = async () => {
      stream.write({ ID });
      assert.equal(at(await stream.next(), "result", "TTL"), "60");
    };
    await keepAlive();
    for (const member of cluster.members) {
      await member.kill("SIGKILL");
      await keepAlive();
      await member.restart();
      await keepAlive();
    }
    stream.end();
    assert.deepEqual(await stream.rest(), []);
  });

  test("an observer hears of each value once", { timeout: 60_000 }, async () => {
    const name = base64("election");
    const lease = at((await call("/v3/lease/grant", { TTL: 60 })).json, "ID");
    const campaign = await call("/v3/election/campaign", { name, lease, value: base64("0") });
    const leader = at(campaign.json, "leader");
    const stream = postStream(`${gateway.url}/v3/election/observe`, { name });
    const observed = async () => at(await stream.next(), "result", "kv", "value");
    assert.equal(await observed(), base64("0"));
    for (const [index, member] of cluster.members.entries()) {
      await member.kill("SIGKILL");
      const value = base64(`${index + 1}`);
      await until(
        async () => (await call("/v3/election/proclaim", { leader, value })).status === 200,
        "a proclamation succeeds",
      );
      // A proclamation that failed may have been heard of too.
      let heard = await observed();
      while (heard !== value) heard = await observed();
      await member.restart();
    }
    stream.abort();
  });

  test("an observer fails if etcd cannot read the election, rather than to succeed without a leader", {
    timeout: 120_000,
  }, async () => {
    const down = cluster.members.slice(1);
    for (const member of down) await member.kill("SIGKILL");
    const { status, json } = await call("/v3/election/observe", { name: base64("election") });
    assert.deepEqual([status, at(json, "error", "code")], [503, 14]);
    assert.match(String(at(json, "error", "message")), /^etcd cannot observe the election: /);
    for (const member of down) await member.restart();
  });
});

function withoutPrevious(event: unknown): unknown {
  const { prev_kv: _, ...rest } = Object(event);
  return rest;
}
