import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, at, base64, result, withoutHeader } from "../../http/etcd-json.js";
import { onEachEtcd } from "../each-etcd.js";

onEachEtcd("Lease", (setup) => {
  const grant = (ID: string) => setup.post("/v3/lease/grant", { ID, TTL: 600 });

  test("LeaseGrant and LeaseRevoke, on both paths", async () => {
    for (const path of ["/v3/lease/revoke", "/v3/kv/lease/revoke"]) {
      assert.deepEqual(result(await grant("100")), { ID: "100", TTL: "600" });
      assertError(await grant("100"), 400, 9, "etcdserver: lease already exists");
      assert.deepEqual(result(await setup.post(path, { ID: "100" })), {});
      assertError(await setup.post(path, { ID: "100" }), 404, 5, "etcdserver: requested lease not found");
    }
    const { json } = await setup.post("/v3/lease/grant", { TTL: "600" });
    assert.match(String(at(json, "ID")), /^[1-9]\d+$/);
  });

  test("an id of 63 bits arrives and returns to the last digit, as a number and as a string", async () => {
    for (const ID of ["9223372036854775806", "9223372036854775807"]) {
      assert.deepEqual(result(await setup.post("/v3/lease/grant", `{"ID":${ID},"TTL":600}`)), { ID, TTL: "600" });
      assert.deepEqual(result(await setup.post("/v3/lease/revoke", { ID })), {});
    }
  });

  test("LeaseTimeToLive and LeaseLeases, on both paths", async () => {
    await grant("200");
    await setup.post("/v3/kv/put", { key: base64("leased"), lease: "200" });
    for (const prefix of ["/v3", "/v3/kv"]) {
      const { TTL, ...lease } = Object(
        result(await setup.post(`${prefix}/lease/timetolive`, { ID: "200", keys: true })),
      );
      assert.deepEqual(lease, { ID: "200", grantedTTL: "600", keys: [base64("leased")] });
      assert.ok(Number(TTL) > 500 && Number(TTL) <= 600, TTL);
      const leases = Object(result(await setup.post(`${prefix}/lease/leases`))).leases;
      assert.ok(leases.some(({ ID }: { ID: string }) => ID === "200"));
    }
    await setup.post("/v3/lease/revoke", { ID: "200" });
    assert.deepEqual(result(await setup.post("/v3/lease/timetolive", { ID: "200" })), { ID: "200", TTL: "-1" });
    assert.deepEqual(result(await setup.post("/v3/kv/range", { key: base64("leased") })), {});
  });

  test("LeaseKeepAlive responds to each request as it comes, and ends with the requests", async () => {
    await grant("300");
    const stream = setup.open("/v3/lease/keepalive");
    const next = async () => withoutHeader(at(await stream.next(), "result"));
    for (let i = 0; i < 3; i++) {
      stream.write({ ID: "300" });
      assert.deepEqual(await next(), { ID: "300", TTL: "600" });
    }
    stream.write({ ID: "301" });
    assert.deepEqual(await next(), { ID: "301" });
    stream.end();
    assert.deepEqual(await stream.rest(), []);
  });
});
