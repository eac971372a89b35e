import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Code, etcdClient, RpcError, watch } from "etcd-gateway/client";
import { refusesToken } from "../../../runtime/etcd/client/refused-token.js";
import { ETCD_VERSIONS, type EtcdVersion } from "../../etcd-server/etcd-versions.js";
import { type FaultProxy, startFaultProxy } from "../../faults/proxy.js";
import { enableAuth, gatewayOf, login, PASSWORDS, startAuthEtcd } from "../access/auth-etcd.js";

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

for (const version of ETCD_VERSIONS) {
  test(`a watch asks for another token when the gateway cannot resume it with one that etcd ${version} no longer takes`, {
    timeout: 60_000,
  }, async (t) => {
    const { url, proxy } = await ownGateway(t, version);
    const gateway = await gatewayOf(t, { endpoints: [proxy.endpoint] });
    const root = await login(url, "root");
    let current = await login(url, "alice");
    const token = async (refused?: string): Promise<string> => {
      if (refused === current) current = await login(url, "alice");
      return current;
    };
    const notices: string[] = [];
    const { watch: client } = etcdClient({ baseUrl: gateway.url, token });
    for await (const notice of watch(client, KEY)) {
      notices.push(notice.type === "lost" ? notice.error.rawMessage : notice.type);
      if (notice.type === "events") break;
      const admin = etcdClient({ baseUrl: url, token: root });
      if (notice.type === "created") {
        // This ends all tokens of the user.
        await admin.auth.userChangePassword({ name: "alice", password: PASSWORDS.alice });
        proxy.reset();
      }
      if (notice.type === "lost") await admin.kv.put({ ...KEY, value: "meanwhile" });
    }
    assert.deepEqual(notices, ["created", "etcdserver: invalid auth token", "resumed", "events"]);
  });

  test(`every call asks for another token when etcd ${version} refuses the first, whatever the status`, async (t) => {
    const { url } = await ownGateway(t, version);
    const gateway = await gatewayOf(t, { endpoints: [new URL(url).host] });
    const good = await login(url, "root");
    for (const baseUrl of [url, gateway.url]) {
      const etcd = etcdClient({ baseUrl, token: (refused) => (refused === undefined ? "stale.1" : good) });
      await etcd.kv.range(KEY);
      const { key } = await etcd.lock.lock({ name: "l" });
      await etcd.lock.unlock({ key });
      const { leader } = await etcd.election.campaign({ name: "e", value: "v" });
      await etcd.election.leader({ name: "e" });
      await etcd.election.resign({ leader });
      await etcd.maintenance.hash({});
      await etcd.maintenance.defragment({});
      for await (const { blob } of etcd.maintenance.snapshot({})) assert.ok(blob.length > 0);
    }
  });
}

test("a call asks for another token only when etcd refuses its token", () => {
  const refuses = (code: Code, message: string, httpStatus?: number) =>
    refusesToken(new RpcError(code, message, { rpc: "etcdserverpb.KV.Range", httpStatus }));
  assert.ok(refuses(Code.UNAUTHENTICATED, "any", 401));
  assert.ok(refuses(Code.UNKNOWN, "a proxy's", 401));
  assert.ok(refuses(Code.INVALID_ARGUMENT, "etcdserver: revision of auth store is old", 400));
  assert.ok(refuses(Code.UNKNOWN, "auth: invalid auth token", 500));
  assert.ok(refuses(Code.UNKNOWN, "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token", 500));
  assert.ok(!refuses(Code.INVALID_ARGUMENT, "etcdserver: user name is empty", 400));
  assert.ok(!refuses(Code.PERMISSION_DENIED, "etcdserver: permission denied", 403));
  assert.ok(!refuses(Code.UNKNOWN, "invalid auth token", 500));
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
