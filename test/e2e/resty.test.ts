import assert from "node:assert/strict";
import { test } from "node:test";
import { at, base64, result, revisionOf } from "../http/etcd-json.js";
import { onEachEtcd } from "./each-etcd.js";

/*
 * Requests as lua-resty-etcd, the client of APISIX, writes them: names in snake_case, but in lowerCamel within
 * transactions, enums as numbers, values that are JSON in base64, and some without a body.
 */
onEachEtcd("Requests of lua-resty-etcd", (setup) => {
  const json = (value: unknown): string => base64(JSON.stringify(value));
  const call = async (path: string, body: unknown = ""): Promise<unknown> =>
    result(await setup.post(`/v3${path}`, body));
  /** What it has for the end of a directory: the name with its last byte one higher. */
  const directory = { key: base64("/apisix/"), range_end: base64("/apisix0") };

  test("a directory is written and read in order, by numbers", async () => {
    for (const [i, name] of ["b", "a", "c"].entries()) {
      await call("/kv/put", { key: base64(`/apisix/${name}`), value: json({ weight: i }), prev_kv: true });
    }
    const sorted = await call("/kv/range", { ...directory, sort_order: 2, sort_target: 4, limit: 2 });
    assert.deepEqual(
      [at(sorted, "kvs", 0, "key"), at(sorted, "kvs", 1, "key")],
      [base64("/apisix/c"), base64("/apisix/a")],
    );
    assert.deepEqual([at(sorted, "count"), at(sorted, "more")], ["3", true]);
    assert.equal(at(await call("/kv/range", { ...directory, count_only: true }), "count"), "3");
    const whole = await call("/kv/range", { key: base64("\0"), range_end: base64("\0"), keys_only: true });
    assert.equal(at(whole, "count"), "3");
    const removed = await call("/kv/deleterange", { ...directory, prev_kv: true });
    assert.equal(at(removed, "deleted"), "3");
  });

  test("a key is made only if it is new, and changed only if it is not", async () => {
    const key = base64("/nx");
    const compare = [{ target: "CREATE", key, createRevision: 0 }];
    const put = (value: unknown) => [{ requestPut: { key, value: json(value) } }];
    const succeeded = async (txn: object) => Object(await call("/kv/txn", txn)).succeeded === true;
    assert.equal(await succeeded({ compare, failure: put("none") }), true);
    assert.deepEqual(await call("/kv/range", { key }), {});
    assert.equal(await succeeded({ compare, success: put("new") }), true);
    assert.equal(await succeeded({ compare, success: put("again") }), false);
    assert.equal(await succeeded({ compare, failure: put("changed") }), false);
    assert.equal(at(await call("/kv/range", { key }), "kvs", 0, "value"), json("changed"));
  });

  test("a lease is asked for by numbers, and named by the text that came back", async () => {
    const lease = at(await call("/lease/grant", { TTL: 60, ID: 0 }), "ID");
    assert.equal(typeof lease, "string");
    await call("/kv/put", { key: base64("/leased"), value: json(1), lease });
    const left = await call("/kv/lease/timetolive", { ID: lease, keys: true });
    assert.deepEqual(at(left, "keys"), [base64("/leased")]);
    // It has the whole body of a keep-alive for one value.
    const kept = await setup.post("/v3/lease/keepalive", { ID: lease });
    assert.equal(at(kept.json, "result", "TTL"), "60");
    assert.deepEqual(at(await call("/lease/leases"), "leases"), [{ ID: lease }]);
    assert.deepEqual(await call("/kv/lease/revoke", { ID: lease }), {});
  });

  test("a directory is watched from a revision on, with filters as numbers", async () => {
    const start_revision = revisionOf((await setup.post("/v3/kv/range", directory)).json) + 1;
    const watching = setup.postStream("/v3/watch", {
      create_request: { ...directory, prev_kv: true, start_revision, watch_id: 7, progress_notify: true, filters: [0] },
    });
    assert.equal(at(await watching.next(), "result", "watch_id"), "7");
    await call("/kv/put", { key: base64("/apisix/r"), value: json("route") });
    await call("/kv/deleterange", { key: base64("/apisix/r") });
    const event = at(await watching.next(), "result", "events", 0);
    assert.equal(at(event, "type"), "DELETE");
    assert.equal(at(event, "prev_kv", "value"), json("route"));
    watching.abort();
  });
});
