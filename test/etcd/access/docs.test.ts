import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, it, type TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EtcdGateway } from "etcd-gateway";
import express from "express";
import { listen } from "../../core/http/serve.js";
import { assertError, at, base64, post, postStream } from "../../e2e/client.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { snippets } from "../../readme/snippets.js";

// Only inside this package can a module import the package by its name.
const FOLDER = fileURLToPath(new URL("../../../.cache/", import.meta.url));

describe("docs/interceptors.md has", () => {
  let etcd: EtcdServer;
  const [refuse, everyRpc, audit, tenants, ...others] = snippets("docs/interceptors.md", "ts");
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  /** Serves the gateway of a snippet, behind a login that believes what clients say. */
  async function serve(t: TestContext, name: string, snippet: string | undefined): Promise<string> {
    assert.ok(snippet !== undefined);
    mkdirSync(FOLDER, { recursive: true });
    const file = `${FOLDER}interceptors-${name}-${process.pid}.ts`;
    const text = snippet.replace('"127.0.0.1:2379"', JSON.stringify(etcd.endpoint));
    writeFileSync(file, `${text}\nexport { gateway };\n`);
    t.after(() => rmSync(file));
    const { gateway }: { gateway: EtcdGateway } = await import(pathToFileURL(file).href);
    t.after(() => gateway.close(0));
    const app = express();
    app.use((req, res, next) => {
      res.locals["tenant"] = req.get("X-Tenant");
      next();
    });
    app.use(gateway.router);
    return `http://127.0.0.1:${await listen(t, createServer(app))}/v3`;
  }

  const key = (text: string) => ({ key: base64(text) });
  const value = (text: string) => ({ value: base64(text) });

  it("four examples", () => assert.deepEqual(others, []));

  it("one that refuses", async (t) => {
    const url = await serve(t, "refuse", refuse);
    assert.equal((await post(`${url}/kv/put`, { ...key("a"), ...value("1") })).status, 200);
    assertError(await post(`${url}/kv/put`, key("config/a")), 403, 7, "only the deployment writes config/");
    assertError(await post(`${url}/kv/txn`), 403, 7, "etcdserverpb.KV.Txn is not exposed by this gateway");
    assert.equal((await post(`${url}/kv/range`, key("a"))).status, 200);
  });

  it("one that sees every rpc of a service, without its messages", async (t) => {
    const url = await serve(t, "every-rpc", everyRpc);
    assertError(await post(`${url}/auth/user/list`), 403, 7, "etcdserverpb.Auth.UserList is for administrators");
    assert.equal((await post(`${url}/auth/user/list`, {}, { "X-Team": "admins" })).status, 200);
    assert.equal((await post(`${url}/kv/range`, key("a"))).status, 200);
  });

  it("one that writes down who puts what", async (t) => {
    const url = await serve(t, "audit", audit);
    const log = t.mock.method(console, "log", () => {});
    const answer = await post(`${url}/kv/put`, key("a"));
    const revision = at(answer.json, "header", "revision");
    assert.deepEqual(log.mock.calls[0]?.arguments, [`127.0.0.1 put a at revision ${revision}`]);
  });

  it("one that keeps tenants apart", async (t) => {
    const url = await serve(t, "tenants", tenants);
    const [red, blue] = [{ "X-Tenant": "red" }, { "X-Tenant": "blue" }];
    const all = { key: base64("\0"), range_end: base64("\0") };
    const watching = postStream(`${url}/watch`, { create_request: { ...all, prev_kv: true } }, red);
    assert.equal(at(await watching.next(), "result", "created"), true);
    for (const [tenant, text] of [
      [red, "1"],
      [blue, "2"],
      [red, "3"],
    ] as const) {
      assert.equal((await post(`${url}/kv/put`, { ...key("k"), ...value(text) }, tenant)).status, 200);
    }
    const kvs = async (request: unknown, tenant: Record<string, string>) => {
      const { json } = await post(`${url}/kv/range`, request, tenant);
      const found = json !== null && typeof json === "object" && "kvs" in json ? json.kvs : [];
      assert.ok(Array.isArray(found));
      return found.map((kv) => [Buffer.from(kv.key, "base64").toString(), Buffer.from(kv.value, "base64").toString()]);
    };
    assert.deepEqual(await kvs(all, red), [["k", "3"]]);
    assert.deepEqual(await kvs(all, blue), [["k", "2"]]);
    assert.deepEqual(await kvs({ ...key(""), range_end: base64("\xff") }, blue), [["k", "2"]]);
    assert.deepEqual(await kvs(key("k"), { "X-Tenant": "green" }), []);
    assert.deepEqual(await kvs(key("../red/k"), blue), []);
    for (const expected of ["1", "3"]) {
      const event = at(await watching.next(), "result", "events", 0);
      assert.equal(at(event, "kv", "key"), base64("k"));
      assert.equal(at(event, "kv", "value"), base64(expected));
      if (expected === "3") assert.equal(at(event, "prev_kv", "key"), base64("k"));
    }
    watching.abort();
    assertError(await post(`${url}/kv/range`, all), 403, 7, "log in first");
    assert.equal((await post(`${url}/kv/deleterange`, all, red)).status, 403);
    assertError(await post(`${url}/kv/put`, { ...key("k"), lease: 1 }, red), 403, 7, "leases are not for tenants");
  });
});
