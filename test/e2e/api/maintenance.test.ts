import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hasRoute } from "../../etcd-server/api.js";
import { startCluster } from "../../etcd-server/server.js";
import { assertError, at, base64, result } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { onEachEtcd } from "../each-etcd.js";
import { startGateway } from "../gateway.js";

onEachEtcd("Maintenance", (setup) => {
  const maintenance = (rpc: string, body?: unknown) => setup.post(`/v3/maintenance/${rpc}`, body);

  test("Status", async () => {
    const answer = await maintenance("status");
    const { version, leader, ...numbers } = Object(result(answer));
    assert.equal(version, setup.etcd.version);
    assert.equal(leader, at(answer.json, "header", "member_id"));
    assert.deepEqual(Object.keys(numbers).sort(), [
      "dbSize",
      "dbSizeInUse",
      "raftAppliedIndex",
      "raftIndex",
      "raftTerm",
    ]);
    for (const value of Object.values(numbers)) assert.match(String(value), /^[1-9]\d*$/);
  });

  test("Alarm: none, raised, in force, disarmed", async () => {
    // Up to 3.4 the response has no header.
    const alarms = async (body: unknown) => Object((await maintenance("alarm", body)).json).alarms;
    assert.equal(await alarms({}), undefined);
    const memberID = at((await maintenance("status")).json, "header", "member_id");
    const alarm = { memberID, alarm: "NOSPACE" };
    assert.deepEqual(await alarms({ action: "ACTIVATE", ...alarm }), [alarm]);
    assert.deepEqual(await alarms({ action: "GET" }), [alarm]);
    const full = "etcdserver: mvcc: database space exceeded";
    assertError(await setup.post("/v3/kv/put", { key: base64("x") }), 429, 8, full);
    assert.deepEqual(await alarms({ action: "DEACTIVATE", ...alarm }), [alarm]);
    assert.equal(await alarms({}), undefined);
    assert.deepEqual(result(await setup.post("/v3/kv/put", { key: base64("x") })), {});
  });

  test("an alarm action that etcd does not have never reaches it", async () => {
    const { pid } = setup.etcd;
    for (const body of [{ action: 9 }, { action: "ACTIVATE", alarm: 9 }, { action: "BOGUS" }]) {
      const { status, json } = await maintenance("alarm", body);
      assert.deepEqual([status, at(json, "code")], [400, 3]);
    }
    assert.equal((await maintenance("status")).status, 200);
    assert.equal(setup.etcd.pid, pid);
  });

  test("Defragment", async () => {
    const { status, json } = await maintenance("defragment");
    assert.deepEqual([status, json], [200, {}]);
  });

  test("Hash: a 32-bit number, not a string", async () => {
    const { hash, ...rest } = Object(result(await maintenance("hash")));
    assert.ok(Number.isInteger(hash), JSON.stringify(hash));
    assert.deepEqual(rest, {});
  });

  // HashKV has a path of its own only in the API of 3.5 and later, but the gateway then gives it to every server.
  const hashKvTest = async (): Promise<void> => {
    await setup.post("/v3/kv/put", { key: base64("hashed") });
    const first = Object(result(await maintenance("hashkv", { revision: 0 })));
    assert.ok(Number.isInteger(first.hash), JSON.stringify(first));
    assert.deepEqual(result(await maintenance("hashkv")), first);
    await setup.post("/v3/kv/put", { key: base64("hashed") });
    assert.notEqual(at((await maintenance("hashkv")).json, "hash"), first.hash);
  };
  if (hasRoute("etcdserverpb.Maintenance.HashKV", "/maintenance/hashkv")) test("HashKV: the same", hashKvTest);

  test("Snapshot: a database with its SHA-256 checksum at its end", async () => {
    const value = base64(Buffer.alloc(100_000, "x"));
    for (let i = 0; i < 10; i++) await setup.post("/v3/kv/put", { key: base64(`big/${i}`), value });
    const stream = setup.postStream("/v3/maintenance/snapshot", {});
    const messages = await stream.rest();
    let remaining = Number.POSITIVE_INFINITY;
    const blobs = messages.map((message) => {
      const { remaining_bytes = "0", blob } = Object(at(message, "result"));
      assert.ok(Number(remaining_bytes) <= remaining);
      remaining = Number(remaining_bytes);
      return Buffer.from(blob, "base64");
    });
    assert.equal(remaining, 0);
    const snapshot = Buffer.concat(blobs);
    const database = snapshot.subarray(0, -32);
    assert.ok(database.length > 1_000_000, `${database.length} bytes`);
    assert.equal(snapshot.subarray(-32).toString("hex"), createHash("sha256").update(database).digest("hex"));
  });

  const downgradeTest = async (): Promise<void> => {
    const answer = await maintenance("downgrade", { action: "VALIDATE", version: "3.4.0" });
    if (setup.version === "3.4") {
      const unknown = "unknown method Downgrade for service etcdserverpb.Maintenance";
      assertError(answer, 501, 12, unknown);
    } else {
      assert.deepEqual(result(answer), { version: "3.5.0" });
      const nothing = await maintenance("downgrade", { action: "CANCEL" });
      assertError(nothing, 400, 9, "etcdserver: no inflight downgrade job");
    }
  };
  if (hasRoute("etcdserverpb.Maintenance.Downgrade", "/maintenance/downgrade")) test("Downgrade", downgradeTest);

  test("MoveLeader", async () => {
    const target = { targetID: "1" };
    assertError(await maintenance("transfer-leadership", target), 400, 9, "etcdserver: bad leader transferee");
    const cluster = await startCluster(3, { version: setup.version });
    const gateways = await Promise.all(cluster.endpoints.map((endpoint) => startGateway({ endpoints: [endpoint] })));
    try {
      const leaderOf = async (url: string) => at((await post(`${url}/v3/maintenance/status`)).json, "leader");
      const idOf = async (url: string) => at((await post(`${url}/v3/maintenance/status`)).json, "header", "member_id");
      const urls = gateways.map(({ url }) => url);
      const ids = await Promise.all(urls.map(idOf));
      const leader = await leaderOf(urls[0] ?? "");
      const leaderUrl = urls[ids.indexOf(leader)] ?? "";
      const targetID = ids.find((id) => id !== leader);
      const moved = await post(`${leaderUrl}/v3/maintenance/transfer-leadership`, { targetID });
      assert.deepEqual([moved.status, moved.json], [200, {}]);
      assert.equal(await leaderOf(leaderUrl), targetID);
      const refused = await post(`${leaderUrl}/v3/maintenance/transfer-leadership`, { targetID: leader });
      assertError(refused, 400, 9, "etcdserver: not leader");
    } finally {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await cluster.stop();
    }
  });
});
