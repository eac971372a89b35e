import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, at, base64, result } from "../http/etcd-json.js";
import { onEachEtcd } from "./each-etcd.js";

onEachEtcd("large responses", (setup) => {
  test("a range of 16 MiB", async () => {
    const value = base64(Buffer.alloc(1 << 20, "value "));
    const keys = Array.from({ length: 16 }, (_, i) => base64(`large/${String(i).padStart(2, "0")}`));
    for (const key of keys) assert.deepEqual(result(await setup.post("/v3/kv/put", { key, value })), {});
    const { json } = await setup.post("/v3/kv/range", { key: base64("large/"), range_end: base64("large0") });
    assert.deepEqual(
      keys.map((_, i) => at(json, "kvs", i, "key")),
      keys,
    );
    for (const i of keys.keys()) assert.ok(at(json, "kvs", i, "value") === value, `value ${i} is another`);
    assert.equal(at(json, "count"), "16");
  });

  test("a range of 20,000 keys", async () => {
    for (let start = 0; start < 20_000; start += 100) {
      const success = Array.from({ length: 100 }, (_, i) => ({ request_put: { key: base64(`many/${start + i}`) } }));
      assert.equal(at((await setup.post("/v3/kv/txn", { success })).json, "succeeded"), true);
    }
    const { json } = await setup.post("/v3/kv/range", { key: base64("many/"), range_end: base64("many0") });
    assert.equal(at(json, "count"), "20000");
    assert.equal(new Set(Object(json).kvs.map((kv: unknown) => at(kv, "key"))).size, 20_000);
  });

  test("a request larger than etcd takes is refused", async () => {
    const body = { key: base64("x"), value: base64(Buffer.alloc(1_600_000)) };
    assertError(await setup.post("/v3/kv/put", body), 400, 3, "etcdserver: request is too large");
  });
});
