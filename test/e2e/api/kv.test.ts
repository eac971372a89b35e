import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, at, base64, result, revisionOf } from "../../http/etcd-json.js";
import { onEachEtcd } from "../each-etcd.js";

onEachEtcd("KV", (setup) => {
  const put = (key: string, value: string) => setup.post("/v3/kv/put", { key: base64(key), value: base64(value) });

  test("Put and Range", async () => {
    const answer = await put("pair", "one");
    assert.deepEqual(result(answer), {});
    const revision = String(revisionOf(answer.json));
    const range = await setup.post("/v3/kv/range", { key: base64("pair") });
    assert.deepEqual(result(range), {
      kvs: [
        { key: base64("pair"), create_revision: revision, mod_revision: revision, version: "1", value: base64("one") },
      ],
      count: "1",
    });
    const overwritten = await setup.post("/v3/kv/put", { key: base64("pair"), value: base64("two"), prev_kv: true });
    assert.deepEqual(result(overwritten), { prev_kv: at(range.json, "kvs", 0) });
  });

  test("Range: prefix, order, limit, keys only, count only, an older revision", async () => {
    const { json } = await put("list/a", "1");
    const first = revisionOf(json);
    await put("list/b", "2");
    await put("list/c", "3");
    const keysOf = async (options: object) => {
      const answer = await setup.post("/v3/kv/range", { key: base64("list/"), range_end: base64("list0"), ...options });
      const { kvs = [], ...rest } = result(answer) as { kvs?: { key: string; value?: string }[] };
      return { ...rest, pairs: kvs.map(({ key, value }) => [key, value].map((text) => text && atob(text)).join("=")) };
    };
    assert.deepEqual(await keysOf({}), { pairs: ["list/a=1", "list/b=2", "list/c=3"], count: "3" });
    assert.deepEqual(await keysOf({ sort_order: "DESCEND", sort_target: "KEY", limit: 2 }), {
      pairs: ["list/c=3", "list/b=2"],
      more: true,
      count: "3",
    });
    assert.deepEqual(await keysOf({ keys_only: true, limit: "1" }), { pairs: ["list/a="], more: true, count: "3" });
    assert.deepEqual(await keysOf({ count_only: true, serializable: true }), { pairs: [], count: "3" });
    assert.deepEqual((await keysOf({ revision: first })).pairs, ["list/a=1"]);
    assert.deepEqual(await keysOf({ min_mod_revision: String(first + 2) }), { pairs: ["list/c=3"], count: "3" });
  });

  test("keys and values are any bytes, an empty value among them", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    assert.deepEqual(result(await setup.post("/v3/kv/put", { key: base64(bytes), value: "" })), {});
    const { json } = await setup.post("/v3/kv/range", { key: base64(bytes) });
    assert.equal(at(json, "kvs", 0, "key"), base64(bytes));
    assert.equal("value" in Object(at(json, "kvs", 0)), false);
  });

  test("DeleteRange", async () => {
    await put("gone/a", "1");
    await put("gone/b", "2");
    const { json } = await setup.post("/v3/kv/range", { key: base64("gone/a") });
    const answer = await setup.post("/v3/kv/deleterange", { key: base64("gone/a"), prev_kv: true });
    assert.deepEqual(result(answer), { deleted: "1", prev_kvs: at(json, "kvs") });
    const rest = await setup.post("/v3/kv/deleterange", { key: base64("gone/"), range_end: base64("gone0") });
    assert.deepEqual(result(rest), { deleted: "1" });
    assert.deepEqual(result(await setup.post("/v3/kv/deleterange", { key: base64("gone/a") })), {});
  });

  test("Txn, nested, with each kind of operation", async () => {
    await put("txn/a", "old");
    const answer = await setup.post("/v3/kv/txn", {
      compare: [
        { target: "VALUE", key: base64("txn/a"), value: base64("old") },
        { target: "VERSION", result: "GREATER", key: base64("txn/a"), version: "0" },
        { target: "CREATE", result: "NOT_EQUAL", key: base64("txn/a"), create_revision: 0 },
      ],
      success: [
        { request_put: { key: base64("txn/b"), value: base64("new") } },
        { request_range: { key: base64("txn/a"), keys_only: true } },
        {
          request_txn: {
            compare: [{ target: "LEASE", key: base64("txn/a"), lease: "1" }],
            success: [{ request_delete_range: { key: base64("txn/a") } }],
            failure: [{ request_delete_range: { key: base64("txn/a") } }, { request_range: { key: base64("txn/c") } }],
          },
        },
      ],
      failure: [{ request_range: { key: base64("txn/a") } }],
    });
    const revision = at(answer.json, "header", "revision");
    const before = String(Number(revision) - 1);
    assert.deepEqual(result(answer), {
      succeeded: true,
      responses: [
        { response_put: { header: { revision } } },
        {
          response_range: {
            header: { revision },
            kvs: [{ key: base64("txn/a"), create_revision: before, mod_revision: before, version: "1" }],
            count: "1",
          },
        },
        {
          response_txn: {
            header: at(answer.json, "responses", 2, "response_txn", "header"),
            responses: [
              { response_delete_range: { header: { revision }, deleted: "1" } },
              { response_range: { header: { revision } } },
            ],
          },
        },
      ],
    });
    const failed = await setup.post("/v3/kv/txn", {
      compare: [{ target: "MOD", result: "LESS", key: base64("txn/b"), mod_revision: revision }],
    });
    assert.deepEqual(result(failed), {});
  });

  test("Compact", async () => {
    const first = await put("compacted", "1");
    const { json } = await put("compacted", "2");
    const revision = at(json, "header", "revision");
    assert.deepEqual(result(await setup.post("/v3/kv/compaction", { revision, physical: true })), {});
    const old = { key: base64("compacted"), revision: at(first.json, "header", "revision") };
    const compacted = "etcdserver: mvcc: required revision has been compacted";
    assertError(await setup.post("/v3/kv/range", old), 400, 11, compacted);
  });

  test("what etcd refuses comes back as an error", async () => {
    assertError(await setup.post("/v3/kv/put"), 400, 3, "etcdserver: key is not provided");
    assertError(await setup.post("/v3/kv/range", "{}"), 400, 3, "etcdserver: key is not provided");
    const lease = { key: base64("x"), lease: "123" };
    assertError(await setup.post("/v3/kv/put", lease), 404, 5, "etcdserver: requested lease not found");
    const future = { key: base64("x"), revision: "9223372036854775807" };
    const message = "etcdserver: mvcc: required revision is a future revision";
    assertError(await setup.post("/v3/kv/range", future), 400, 11, message);
  });
});
