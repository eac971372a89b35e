import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { etcdClient, type RpcError, watch } from "etcd-gateway/client";
import { ETCD_VERSIONS, type EtcdVersion } from "../../etcd-server/etcd-versions.js";
import { type FaultProxy, startFaultProxy } from "../../faults/proxy.js";
import { enableAuth, login, startAuthEtcd } from "../access/auth-etcd.js";

const KEY = { key: "a/x" };

/** etcd's own gateway, which refuses the token of a watch in a message, after the status 200. */
async function ownGateway(t: TestContext, version: EtcdVersion = "3.5"): Promise<{ url: string; proxy: FaultProxy }> {
  const { url } = await startAuthEtcd(t, { version });
  await enableAuth(url);
  const proxy = await startFaultProxy(Number(new URL(url).port));
  t.after(() => proxy.stop());
  return { url, proxy };
}

for (const version of ETCD_VERSIONS) {
  test(`a watch asks for another token when the own gateway of etcd ${version} refuses the first`, {
    timeout: 60_000,
  }, async (t) => {
    const { url } = await ownGateway(t, version);
    const good = await login(url, "alice");
    const asked: unknown[] = [];
    const token = (refused?: string): string => {
      asked.push(refused);
      return refused === undefined ? "stale.1" : good;
    };
    for await (const { type } of watch(etcdClient({ baseUrl: url, token }).watch, KEY)) {
      assert.equal(type, "created");
      break;
    }
    assert.deepEqual(
      asked.filter((refused) => refused !== undefined),
      ["stale.1"],
    );
  });
}

test("a watch asks for another token when it resumes, too", { timeout: 60_000 }, async (t) => {
  const { url, proxy } = await ownGateway(t);
  const good = await login(url, "alice");
  let current = good;
  const token = (refused?: string): string => {
    if (refused === "stale.1") current = good;
    return current;
  };
  const types: string[] = [];
  for await (const { type } of watch(etcdClient({ baseUrl: `http://${proxy.endpoint}`, token }).watch, KEY)) {
    types.push(type);
    if (type === "resumed") break;
    if (type !== "created") continue;
    current = "stale.1";
    proxy.reset();
  }
  assert.deepEqual(types, ["created", "lost", "resumed"]);
});

test("a watch fails when the other token is refused as well", { timeout: 60_000 }, async (t) => {
  const { url } = await ownGateway(t);
  const asked: unknown[] = [];
  const token = (refused?: string): string => {
    asked.push(refused);
    return "stale.1";
  };
  await assert.rejects(watch(etcdClient({ baseUrl: url, token }).watch, KEY).next(), (error: RpcError) => {
    assert.deepEqual([error.codeName, error.httpStatus], ["UNAUTHENTICATED", undefined]);
    return true;
  });
  assert.equal(asked.filter((refused) => refused !== undefined).length, 1);
});
