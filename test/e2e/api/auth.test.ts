import assert from "node:assert/strict";
import { test } from "node:test";
import { hasRoute } from "../../etcd-server/api.js";
import { assertError, at, base64, result } from "../../http/etcd-json.js";
import { onEachEtcd } from "../each-etcd.js";

onEachEtcd("Auth", (setup) => {
  const auth = (rpc: string, body?: unknown, token?: string) =>
    setup.post(`/v3/auth/${rpc}`, body, token === undefined ? {} : { Authorization: token });
  const login = async (name: string, password: string) => {
    const answer = await auth("authenticate", { name, password });
    assert.deepEqual(Object.keys(Object(result(answer))), ["token"]);
    return String(at(answer.json, "token"));
  };

  // One walk: each step stands on the ones before.
  test("users and roles", async () => {
    assert.deepEqual(result(await auth("user/add", { name: "root", password: "secret" })), {});
    assert.deepEqual(result(await auth("user/add", { name: "alice", password: "old" })), {});
    assertError(
      await auth("user/add", { name: "alice", password: "x" }),
      400,
      9,
      "etcdserver: user name already exists",
    );
    assert.deepEqual(result(await auth("user/list")), { users: ["alice", "root"] });
    assert.deepEqual(result(await auth("user/changepw", { name: "alice", password: "new" })), {});

    assert.deepEqual(result(await auth("role/add", { name: "root" })), {});
    assert.deepEqual(result(await auth("role/add", { name: "reader" })), {});
    assert.deepEqual(result(await auth("role/list")), { roles: ["reader", "root"] });
    const perm = { permType: "READWRITE", key: base64("a/"), range_end: base64("a0") };
    assert.deepEqual(result(await auth("role/grant", { name: "reader", perm })), {});
    const single = { key: base64("b"), permType: "READ" };
    assert.deepEqual(result(await auth("role/grant", { name: "reader", perm: single })), {});
    assert.deepEqual(result(await auth("role/get", { role: "reader" })), { perm: [perm, { key: base64("b") }] });
    assert.deepEqual(result(await auth("role/revoke", { role: "reader", key: base64("b") })), {});
    assert.deepEqual(result(await auth("role/get", { role: "reader" })), { perm: [perm] });

    assert.deepEqual(result(await auth("user/grant", { user: "root", role: "root" })), {});
    assert.deepEqual(result(await auth("user/grant", { user: "alice", role: "reader" })), {});
    assert.deepEqual(result(await auth("user/get", { name: "alice" })), { roles: ["reader"] });
  });

  test("enabled: tokens, permissions, refusals", async () => {
    assertError(
      await auth("authenticate", { name: "x", password: "y" }),
      400,
      9,
      "etcdserver: authentication is not enabled",
    );
    assert.deepEqual(result(await auth("enable")), {});
    const alice = await login("alice", "new");
    const put = (key: string, headers: Record<string, string>) =>
      setup.post("/v3/kv/put", { key: base64(key) }, headers);

    assert.deepEqual(result(await put("a/1", { Authorization: alice })), {});
    assert.deepEqual(result(await put("a/1", { "Grpc-Metadata-Token": alice })), {});
    assertError(await put("b", { Authorization: alice }), 403, 7, "etcdserver: permission denied");
    assertError(await put("a/1", {}), 400, 3, "etcdserver: user name is empty");
    assertError(await put("a/1", { Authorization: "x.1" }), 401, 16, "etcdserver: invalid auth token");
    const wrong = "etcdserver: authentication failed, invalid user ID or password";
    assertError(await auth("authenticate", { name: "alice", password: "old" }), 400, 3, wrong);

    const watch = setup.postStream("/v3/watch", { create_request: { key: base64("a/1") } }, { Authorization: alice });
    assert.equal(at(await watch.next(), "result", "created"), true);
    watch.abort();
  });

  if (hasRoute("etcdserverpb.Auth.AuthStatus", "/auth/status")) {
    test("AuthStatus, since 3.5", async () => {
      const root = await login("root", "secret");
      const answer = await auth("status", {}, root);
      if (setup.version === "3.4")
        assertError(answer, 501, 12, "unknown method AuthStatus for service etcdserverpb.Auth");
      else assert.deepEqual(Object.keys(Object(result(answer))), ["enabled", "authRevision"]);
    });
  }

  test("roles and users taken away, and auth disabled", async () => {
    const root = await login("root", "secret");
    assert.deepEqual(result(await auth("user/revoke", { name: "alice", role: "reader" }, root)), {});
    assert.deepEqual(result(await auth("user/get", { name: "alice" }, root)), {});
    assert.deepEqual(result(await auth("role/delete", { role: "reader" }, root)), {});
    assert.deepEqual(result(await auth("user/delete", { name: "alice" }, root)), {});
    assert.deepEqual(result(await auth("disable", {}, root)), {});
    assert.deepEqual(result(await auth("user/list")), { users: ["root"] });
    assertError(await auth("role/get", { role: "reader" }), 400, 9, "etcdserver: role name not found");
  });
});
