import assert from "node:assert/strict";
import { it } from "node:test";
import { onEachEtcd } from "../../e2e/each-etcd.js";
import { startGateway } from "../../e2e/gateway.js";
import { at, base64 } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";

onEachEtcd("revoking a permission as clients of etcd 3.1 to 3.3 do", (setup) => {
  async function grant(role: string): Promise<void> {
    assert.equal((await setup.post("/v3/auth/role/add", { name: role })).status, 200);
    const perm = { permType: "READ", key: base64("été/"), range_end: base64("été0") };
    assert.equal((await setup.post("/v3/auth/role/grant", { name: role, perm })).status, 200);
  }

  async function isGranted(role: string): Promise<boolean> {
    return "perm" in Object((await setup.post("/v3/auth/role/get", { role })).json);
  }

  it("has the keys as text under /v3alpha, and as base64 under the other prefixes", async () => {
    for (const [prefix, key, range_end] of [
      ["/v3alpha", "été/", "été0"],
      ["/v3beta", base64("été/"), base64("été0")],
      ["/v3", base64("été/"), base64("été0")],
    ]) {
      const role = `role of ${prefix}`;
      await grant(role);
      assert.equal((await setup.post(`${prefix}/auth/role/revoke`, { role, key, range_end })).status, 200, prefix);
      assert.equal(await isGranted(role), false, prefix);
    }
    const answer = await setup.post("/v3alpha/auth/role/revoke", { role: "role of /v3", key: base64("été/") });
    assert.deepEqual(
      [answer.status, at(answer.json, "error")],
      [400, "etcdserver: permission is not granted to the role"],
    );
  });

  it("has them as text where the option says so", async () => {
    const gateway = await startGateway({ endpoints: [setup.etcd.endpoint], json: { textRevocation: ["/v3beta"] } });
    try {
      const role = "role of an option";
      await grant(role);
      const body = { role, key: "été/", rangeEnd: "été0" };
      assert.equal((await post(`${gateway.url}/v3beta/auth/role/revoke`, body)).status, 200);
      assert.equal(await isGranted(role), false);
      assert.equal((await post(`${gateway.url}/v3alpha/auth/role/revoke`, body)).status, 400);
    } finally {
      await gateway.close();
    }
  });
});
