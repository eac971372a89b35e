import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { etcdGateway, Status } from "etcd-gateway";
import { services } from "../../../generated/index.js";
import type { Rpc, Service } from "../../../runtime/core/call/rpc.js";
import { serveNotes } from "../../core/http/serve-notes.js";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { startGateway, type TestGateway } from "../../e2e/gateway.js";
import { type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { post, send } from "../../http/requests.js";

const RPCS: readonly Rpc[] = Object.values<Service>(services).flatMap((service) => Object.values(service.rpcs));
const example = "etcdserverpb.Auth or etcdserverpb.Auth.RoleRevokePermission";
const BOUND = RPCS.filter(({ bindings }) => bindings.length > 0);

/** What a read-only gateway must never call, whatever else changes. */
const WRITES = /Put|Delete|Txn|Compact|Grant|Revoke|KeepAlive|Add|Remove|Update|Promote|Alarm|Defragment|Snapshot/;
const MORE_WRITES = /Move|Downgrade|Enable|Disable|ChangePassword|Lock|Campaign|Proclaim|Resign|Hash/;

describe("a gateway that exposes", () => {
  let server: FaultServer;
  before(async () => {
    server = await startFaultServer();
    for (const { method } of RPCS) {
      server.handle(method.path, (call) => call.end(Status.ALREADY_EXISTS, "reached"));
    }
  });
  after(() => server.stop());

  async function withGateway(expose: "all" | "read-only" | readonly string[], test: (g: TestGateway) => Promise<void>) {
    const gateway = await startGateway({ endpoints: [server.endpoint], access: { expose } });
    try {
      await test(gateway);
    } finally {
      await gateway.close();
    }
  }

  /** The RPCs that a request reached, of all that have a path, under every prefix. */
  async function reached(gateway: TestGateway): Promise<readonly string[]> {
    const names: string[] = [];
    for (const { name, bindings, method } of BOUND) {
      const before = server.calls.length;
      const paths = bindings.flatMap(({ template }) =>
        ["/v3", "/v3beta", "/v3alpha"].map((prefix) => template.replace("/v3", prefix)),
      );
      for (const path of paths) {
        // A role that is granted nothing is rejected on its own account.
        const { status, json } = await post(gateway.url + path, name.endsWith("GrantPermission") ? { perm: {} } : {});
        const message = `${name} is not exposed by this gateway: see access.expose or --expose`;
        if (status === 403) {
          const legacy = path.startsWith("/v3/") ? {} : { error: message };
          assert.deepEqual(json, { ...legacy, code: 7, message }, path);
        } else assert.equal(status, 409, path);
      }
      const calls = server.calls.slice(before);
      // The gateway first asks whether all members survive this call.
      const first = name === "etcdserverpb.Auth.AuthStatus" ? "/etcdserverpb.Maintenance/Status" : method.path;
      assert.ok(calls.every(({ path }) => path === first));
      assert.ok(calls.length === 0 || calls.length === paths.length, name);
      if (calls.length > 0) names.push(name);
    }
    return names;
  }

  it("everything, by default", async () => {
    await withGateway("all", async (gateway) => {
      assert.deepEqual(
        await reached(gateway),
        BOUND.map(({ name }) => name),
      );
    });
  });

  it("what only reads", async () => {
    await withGateway("read-only", async (gateway) => {
      const names = await reached(gateway);
      assert.deepEqual(
        names.filter((name) => WRITES.test(name.slice(name.lastIndexOf("."))) || MORE_WRITES.test(name)),
        [],
      );
      assert.deepEqual(names, [
        "etcdserverpb.KV.Range",
        "etcdserverpb.Watch.Watch",
        "etcdserverpb.Lease.LeaseTimeToLive",
        "etcdserverpb.Lease.LeaseLeases",
        "etcdserverpb.Cluster.MemberList",
        "etcdserverpb.Maintenance.Status",
        "etcdserverpb.Auth.AuthStatus",
        "etcdserverpb.Auth.Authenticate",
        "etcdserverpb.Auth.UserGet",
        "etcdserverpb.Auth.UserList",
        "etcdserverpb.Auth.RoleGet",
        "etcdserverpb.Auth.RoleList",
        "v3electionpb.Election.Leader",
        "v3electionpb.Election.Observe",
      ]);
    });
  });

  it("services and RPCs that a list names", async () => {
    await withGateway(["v3lockpb.Lock", "etcdserverpb.KV.Put"], async (gateway) => {
      assert.deepEqual(await reached(gateway), ["etcdserverpb.KV.Put", "v3lockpb.Lock.Lock", "v3lockpb.Lock.Unlock"]);
    });
    await withGateway(["read-only", "etcdserverpb.KV.Put"], async (gateway) => {
      const names = await reached(gateway);
      assert.ok(names.includes("etcdserverpb.KV.Put") && names.includes("etcdserverpb.KV.Range"));
      assert.ok(!names.includes("etcdserverpb.KV.Txn"));
    });
    await withGateway([], async (gateway) => assert.deepEqual(await reached(gateway), []));
  });

  it("rejects before the body has come, and whatever it is", async () => {
    await withGateway("read-only", async (gateway) => {
      const calls = server.calls.length;
      for (const path of ["/v3/kv/put", "/v3/lease/keepalive", "/v3/maintenance/snapshot"]) {
        for (const body of ["", "{", "no json"]) assert.equal((await post(gateway.url + path, body)).status, 403);
        const req = request(gateway.url + path, { method: "POST", headers: { "Content-Length": "100" }, agent: false });
        req.flushHeaders();
        const status = await new Promise((resolve) => req.on("response", (res) => resolve(res.statusCode)));
        assert.equal(status, 403);
        req.on("error", () => {});
        req.destroy();
      }
      assert.equal(server.calls.length, calls);
    });
  });

  it("leaves wrong methods and unknown paths what they are", async () => {
    await withGateway("read-only", async (gateway) => {
      const status = async (path: string) => (await fetch(gateway.url + path, { method: "PUT" })).status;
      assert.equal(await status("/v3/kv/put"), 405);
      assert.equal(await status("/v3/kv/none"), 404);
    });
  });

  it("does not limit the program's own client", async () => {
    const gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: [server.endpoint], access: { expose: [] } });
    const calls = server.count("/etcdserverpb.KV/Put");
    await assert.rejects(gateway.client.kv.put({ key: Buffer.from("a") }), { message: "reached" });
    assert.equal(server.count("/etcdserverpb.KV/Put"), calls + 1);
    await gateway.close();
  });

  it("no names that there are not", () => {
    const endpoints = [server.endpoint];
    for (const [name, hint] of [
      ["etcdserverpb.KV.Rage", "did you mean etcdserverpb.KV.Range?"],
      ["KV", "did you mean etcdserverpb.KV?"],
      ["all", `expected a full name such as ${example}`],
      ["readonly", `expected a full name such as ${example}`],
    ] as const) {
      assert.throws(() => etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { expose: [name] } }), {
        name: "TypeError",
        message: `invalid access.expose: unknown service or RPC ${JSON.stringify(name)}: ${hint}`,
      });
    }
    assert.throws(
      // @ts-expect-error: no such word
      () => etcdGateway({ endpoints, access: { expose: "readonly" } }),
      /^TypeError: invalid access.expose "readonly": /,
    );
  });
});

describe("any gateway", () => {
  it("exposes by the names of its own services, and tells onError", async (t) => {
    const errors: string[] = [];
    const onError = (error: Error): void => void errors.push(error.message);
    const { port, transport } = await serveNotes(t, { access: { expose: ["test.Notes.List"] }, onError });
    const { status, body } = await send(port, "/v1/notes/get", "{}");
    assert.equal(status, 403);
    assert.deepEqual(JSON.parse(body), {
      code: 7,
      message: "test.Notes.Get is not exposed by this gateway: see access.expose or --expose",
    });
    assert.deepEqual(errors, ["test.Notes.Get is not exposed by this gateway: see access.expose or --expose"]);
    assert.equal(transport.waiting, 0);
  });
});
