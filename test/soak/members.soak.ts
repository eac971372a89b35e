import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handshake, RawConnection, post as rawPost } from "../attacks/raw-connection.js";
import { at, base64, post, postStream, type Stream } from "../e2e/client.js";
import { startGateway } from "../e2e/gateway.js";
import { type EtcdCluster, startCluster } from "../etcd-server/server.js";
import { heapUsed } from "../faults/heap-used.js";

/*
 * Minutes of mixed work on three members that are killed and restarted, with clients that disconnect in every way. At
 * the end, no write is lost or duplicated, no event is lost, duplicated or out of order, and nothing is left of
 * disconnected clients. SOAK_SECONDS is the duration of the work.
 */

const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 180);
const WRITERS = 4;
const LEAVERS = 4;
const MIB = 1 << 20;

function openFiles(): number {
  return readdirSync("/proc/self/fd").length;
}

/** Waits until a value is correct. Otherwise the failed assertion shows the value. */
async function becomes(what: string, value: () => Promise<number> | number, expected: (value: number) => boolean) {
  const end = Date.now() + 120_000;
  let last = await value();
  while (!expected(last) && Date.now() < end) {
    await sleep(200);
    last = await value();
  }
  assert.ok(expected(last), `${what}: ${last}`);
}

/** Writes its own keys until `goesOn` returns false. Returns the acknowledged ones. */
async function write(url: string, name: string, goesOn: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let i = 0; goesOn(); i++) {
    const key = `work/${name}/${i}`;
    const answer = await post(`${url}/v3/kv/put`, { key: base64(key), value: base64(String(i)) });
    if (answer.status === 200) acknowledged.push(key);
    else await sleep(20);
    if (i % 5 === 0) await post(`${url}/v3/kv/range`, { key: base64(key) });
    await sleep(5);
  }
  return acknowledged;
}

/** Disconnects in every way until `goesOn` returns false. */
async function leave(port: number, number: number, goesOn: () => boolean): Promise<void> {
  const watch = rawPost(
    "/v3/watch",
    JSON.stringify({ create_request: { key: base64("work/"), range_end: base64("work0") } }),
  );
  const lock = rawPost("/v3/lock/lock", JSON.stringify({ name: base64("soak-lock") }));
  const range = rawPost(
    "/v3/kv/range",
    JSON.stringify({ key: base64("work/"), range_end: base64("work0"), limit: 50 }),
  );
  const endless = "POST /v3/watch HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const ways = [
    watch.repeat(5),
    range.repeat(10) + watch,
    range + lock.repeat(3),
    lock + watch + handshake("/v3/watch"),
    range + handshake("/v3/watch"),
    handshake("/v3/watch") + watch,
    endless,
    `${watch}GET nowhere\r\n\r\n`,
    range.slice(0, -4),
  ];
  for (let i = number; goesOn(); i++) {
    const way = ways[i % ways.length] ?? watch;
    const connection = await new RawConnection(port).send(way.slice(0, 40), way.slice(40));
    if (i % 4 === 0) connection.socket.pause();
    await sleep(10 + ((i * 37) % 200));
    if (i % 3 === 0) connection.socket.end();
    await connection.leave();
  }
}

/** Kills members, one at a time, and starts them again. */
async function harass({ members }: EtcdCluster, goesOn: () => boolean): Promise<number> {
  let kills = 0;
  for (; goesOn(); kills++) {
    await sleep(6_000);
    const member = members[kills % members.length];
    if (member === undefined || !goesOn()) break;
    await member.kill("SIGKILL");
    await sleep(2_000);
    await member.restart();
  }
  return kills;
}

/** Reads the events of a watch until its end. */
async function follow(stream: Stream, events: [key: string, revision: number][]): Promise<void> {
  for (;;) {
    const message = await stream.next().catch(() => undefined);
    if (message === undefined) return;
    const batch: unknown = Object(at(message, "result")).events ?? [];
    assert.ok(Array.isArray(batch));
    for (const event of batch) {
      const key = Buffer.from(String(at(event, "kv", "key")), "base64").toString();
      events.push([key, Number(at(event, "kv", "mod_revision"))]);
    }
  }
}

async function watchers({ members }: EtcdCluster): Promise<number> {
  const metrics = await Promise.all(members.map((member) => member.metrics()));
  return metrics.reduce((sum, each) => sum + (each.get("etcd_debugging_mvcc_watcher_total") ?? 0), 0);
}

test(`${SECONDS} seconds of work, kills and leaving lose nothing, double nothing and leave nothing`, async (t) => {
  const cluster = await startCluster(3);
  t.after(() => cluster.stop());
  const filesBefore = openFiles();
  const gateway = await startGateway({ endpoints: cluster.endpoints });
  const port = Number(new URL(gateway.url).port);
  // The lock is always held, so that the other clients wait.
  const lease = at((await post(`${gateway.url}/v3/lease/grant`, { TTL: 3600 })).json, "ID");
  assert.equal((await post(`${gateway.url}/v3/lock/lock`, { name: base64("soak-lock"), lease })).status, 200);
  const seen: [string, number][][] = [[], []];
  const streams = seen.map(() =>
    postStream(`${gateway.url}/v3/watch`, {
      create_request: { key: base64("work/"), range_end: base64("work0"), start_revision: 1 },
    }),
  );
  const following = streams.map((stream, i) => follow(stream, seen[i] ?? []));
  const heapBefore = await heapUsed();

  const end = Date.now() + SECONDS * 1000;
  const goesOn = (): boolean => Date.now() < end;
  const [acknowledged, kills] = await Promise.all([
    Promise.all(Array.from({ length: WRITERS }, (_, i) => write(gateway.url, `${i}`, goesOn))).then((all) =>
      all.flat(),
    ),
    harass(cluster, goesOn),
    ...Array.from({ length: LEAVERS }, (_, i) => leave(port, i, goesOn)),
  ]);

  const all = await post(`${gateway.url}/v3/kv/range`, { key: base64("work/"), range_end: base64("work0") });
  const kvs: unknown = at(all.json, "kvs");
  assert.ok(Array.isArray(kvs));
  const stored = new Map(
    kvs.map((kv) => [Buffer.from(String(at(kv, "key")), "base64").toString(), Number(at(kv, "mod_revision"))]),
  );
  const count = { acknowledged: acknowledged.length, stored: stored.size, kills };
  assert.deepEqual(
    acknowledged.filter((key) => !stored.has(key)),
    [],
    "writes lost",
  );
  assert.deepEqual(
    kvs.filter((kv) => at(kv, "version") !== "1").map((kv) => at(kv, "key")),
    [],
    "writes doubled",
  );
  for (const events of seen) {
    await becomes(
      "events that came",
      () => events.length,
      (length) => length >= stored.size,
    );
    const revisions = events.map(([, revision]) => revision);
    assert.deepEqual(
      revisions,
      revisions.toSorted((a, b) => a - b),
      "events out of order",
    );
    assert.equal(new Set(events.map(String)).size, events.length, "events doubled");
    assert.deepEqual(new Map(events), stored, "events lost");
  }
  t.diagnostic(JSON.stringify(count));

  for (const stream of streams) stream.abort();
  await Promise.all(following);
  await becomes(
    "watchers",
    () => watchers(cluster),
    (total) => total === 0,
  );
  const waiting = async (): Promise<number> =>
    Number(
      at(
        (await post(`${gateway.url}/v3/kv/range`, { key: base64("soak-lock/"), range_end: base64("soak-lock0") })).json,
        "count",
      ),
    );
  await becomes("the holder of the lock, and who waits", waiting, (total) => total === 1);
  for (const events of seen) events.length = 0;
  acknowledged.length = 0;
  stored.clear();
  kvs.length = 0;
  await becomes(
    "growth of the heap, in MiB",
    async () => (await heapUsed()) / MIB - heapBefore / MIB,
    (mib) => mib < 10,
  );
  await gateway.close();
  await becomes("open files", openFiles, (files) => files <= filesBefore);
});
