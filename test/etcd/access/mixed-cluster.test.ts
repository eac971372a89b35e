import assert from "node:assert/strict";
import { test } from "node:test";
import { startMixedCluster } from "../../etcd-server/server.js";
import { assertError, result } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { until } from "../../until.js";
import { gatewayOf } from "./auth-etcd.js";

test("no member of etcd 3.4 is crashed by what one of 3.5 sends it", { timeout: 120_000 }, async (t) => {
  const cluster = await startMixedCluster(["3.4", "3.5", "3.5"]);
  t.after(() => cluster.stop());
  const [old, ...rest] = cluster.members;
  assert.ok(old !== undefined);
  // The members tell each other their versions only after a while. Until then, they refuse everything.
  for (const { url } of rest) {
    const clusterVersion = async (): Promise<unknown> =>
      Reflect.get(Object(await (await fetch(`${url}/version`)).json()), "etcdcluster");
    await until(async () => String(await clusterVersion()).startsWith("3.4"), "the cluster has its version");
  }
  const gateway = await gatewayOf(t, { endpoints: rest.map(({ endpoint }) => endpoint) });
  const status = await post(`${gateway.url}/v3/auth/status`, {});
  assertError(
    status,
    400,
    9,
    "AuthStatus crashes members older than etcd 3.5, and the cluster may have such members: update all members first",
  );
  const enable = { action: "ENABLE", version: "3.3.0" };
  const downgrade = await post(`${gateway.url}/v3/maintenance/downgrade`, enable);
  assertError(downgrade, 400, 3, "etcdserver: invalid downgrade target version");
  // What is not sent cannot come late: the old member has all entries as soon as it has this one.
  result(await post(`${gateway.url}/v3/kv/put`, { key: "YQ==" }));
  result(await post(`${old.url}/v3/kv/range`, { key: "YQ==" }));
  assert.ok(process.kill(old.pid, 0));
});
