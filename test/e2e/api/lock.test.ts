import assert from "node:assert/strict";
import { test } from "node:test";
import { at, base64, result } from "../../http/etcd-json.js";
import { onEachEtcd } from "../each-etcd.js";

onEachEtcd("Lock", (setup) => {
  test("Lock waits for Unlock", async () => {
    for (const ID of ["100", "200"]) await setup.post("/v3/lease/grant", { ID, TTL: 600 });
    const lock = (lease: string) => setup.post("/v3/lock/lock", { name: base64("mutex"), lease });
    const first = await lock("100");
    assert.deepEqual(result(first), { key: base64("mutex/64") });

    let isSecondHeld = false;
    const second = lock("200").then((answer) => {
      isSecondHeld = true;
      return answer;
    });
    // The second waits in etcd's queue: its key is there, and the lock is not its.
    for (let count: unknown = "1"; count !== "2"; ) {
      const range = { key: base64("mutex/"), range_end: base64("mutex0"), count_only: true };
      count = at((await setup.post("/v3/kv/range", range)).json, "count");
    }
    assert.equal(isSecondHeld, false);
    assert.deepEqual(result(await setup.post("/v3/lock/unlock", { key: base64("mutex/64") })), {});
    assert.deepEqual(result(await second), { key: base64("mutex/c8") });
  });
});
