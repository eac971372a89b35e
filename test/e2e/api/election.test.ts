import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, at, base64, result, withoutHeader } from "../../http/etcd-json.js";
import { onEachEtcd } from "../each-etcd.js";

onEachEtcd("Election", (setup) => {
  const election = (rpc: string, body: unknown) => setup.post(`/v3/election/${rpc}`, body);
  const name = base64("president");

  test("Campaign, Leader, Proclaim, Observe and Resign", async () => {
    assertError(await election("leader", { name }), 500, 2, "election: no leader");
    for (const ID of ["100", "200"]) await setup.post("/v3/lease/grant", { ID, TTL: 600 });

    const won = await election("campaign", { name, lease: "100", value: base64("ann") });
    const rev = at(won.json, "header", "revision");
    const leader = { name, key: base64("president/64"), rev, lease: "100" };
    assert.deepEqual(result(won), { leader });
    const kv = {
      ...{ key: leader.key, create_revision: rev, mod_revision: rev, version: "1", value: base64("ann"), lease: "100" },
    };
    assert.deepEqual(result(await election("leader", { name })), { kv });

    const observer = setup.postStream("/v3/election/observe", { name });
    const observed = async () => withoutHeader(at(await observer.next(), "result"));
    assert.deepEqual(await observed(), { kv });

    const proclaimed = await election("proclaim", { leader, value: base64("anna") });
    assert.deepEqual(result(proclaimed), {});
    const mod_revision = at(proclaimed.json, "header", "revision");
    assert.deepEqual(await observed(), { kv: { ...kv, mod_revision, version: "2", value: base64("anna") } });

    const second = election("campaign", { name, lease: "200", value: base64("bob") });
    assert.deepEqual(result(await election("resign", { leader })), {});
    assert.equal(at((await second).json, "leader", "key"), base64("president/c8"));
    assert.equal(at(await observed(), "kv", "value"), base64("bob"));
    observer.abort();
  });
});
