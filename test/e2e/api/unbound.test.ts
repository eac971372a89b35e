import assert from "node:assert/strict";
import { test } from "node:test";
import { hasRpc } from "../../etcd-server/api.js";
import { startEtcd } from "../../etcd-server/server.js";
import { at } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { startGateway } from "../gateway.js";

if (hasRpc("etcdserverpb.KV.RangeStream")) {
  test("an RPC without a rule is reached where an option says so", async (t) => {
    const etcd = await startEtcd();
    t.after(() => etcd.stop());
    const usual = await startGateway({ endpoints: [etcd.endpoint] });
    t.after(() => usual.close());
    const open = await startGateway({ endpoints: [etcd.endpoint], access: { unboundRpcs: true } });
    t.after(() => open.close());

    const path = "/etcdserverpb.KV/RangeStream";
    assert.equal((await fetch(usual.url + path, { method: "POST", body: "{}" })).status, 404);
    // No etcd of Debian's has the RPC yet: it is etcd that says so.
    const answer = await post(`${open.url}${path}`, { key: "Zm9v" });
    assert.equal(answer.status, 501);
    assert.equal(at(answer.json, "error", "message"), "unknown method RangeStream for service etcdserverpb.KV");
  });
}
