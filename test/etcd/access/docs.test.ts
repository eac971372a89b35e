import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import { after, before, describe, it, type TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createHttpServer, type EtcdGateway } from "etcd-gateway";
import express from "express";
import { type KeyPair, makeCertificates } from "../../etcd-server/certificates.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { assertError, at, base64 } from "../../http/etcd-json.js";
import { postStream } from "../../http/json-stream.js";
import { listen } from "../../http/listen.js";
import { post } from "../../http/requests.js";
import { snippets } from "../../readme/run/snippets.js";

// Only inside this package can a module import the package by its name.
const FOLDER = fileURLToPath(new URL("../../../.cache/", import.meta.url));

function pemOf({ cert, key }: KeyPair): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

describe("docs/interceptors.md has", () => {
  let etcd: EtcdServer;
  const [reject, everyRpc, limited, certificates, audit, tenants, ...others] = snippets("docs/interceptors.md", "ts");
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  /** Serves the gateway of a snippet, behind a login that believes what clients say. */
  async function serve(t: TestContext, name: string, snippet: string | undefined): Promise<string> {
    return `http://127.0.0.1:${await listen(t, createServer(await appOf(t, name, snippet)))}/v3`;
  }

  async function appOf(t: TestContext, name: string, snippet: string | undefined): Promise<express.Express> {
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
    return app;
  }

  const key = (text: string) => ({ key: base64(text) });
  const value = (text: string) => ({ value: base64(text) });

  it("six examples", () => assert.deepEqual(others, []));

  it("one that limits the wait for a lock, and leaves nobody in the queue", async (t) => {
    const url = await serve(t, "limited", limited?.replace("5000", "2000"));
    const lock = () => post(`${url}/lock/lock`, { name: base64("mine") });
    const first = await lock();
    assertError(await lock(), 504, 4, "the lock is taken");
    assert.equal((await post(`${url}/lock/unlock`, { key: at(first.json, "key") })).status, 200);
    assert.equal((await lock()).status, 200);
  });

  it("one that rejects", async (t) => {
    const url = await serve(t, "reject", reject);
    assert.equal((await post(`${url}/kv/put`, { ...key("a"), ...value("1") })).status, 200);
    assertError(await post(`${url}/kv/put`, key("config/a")), 403, 7, "only the deployment writes config/");
    assertError(
      await post(`${url}/kv/txn`),
      403,
      7,
      "etcdserverpb.KV.Txn is not exposed by this gateway: see access.expose or --expose",
    );
    assert.equal((await post(`${url}/kv/range`, key("a"))).status, 200);
  });

  it("one that sees every RPC of a service, without its messages", async (t) => {
    const url = await serve(t, "every-rpc", everyRpc);
    assertError(await post(`${url}/auth/user/list`), 403, 7, "etcdserverpb.Auth.UserList is for administrators");
    assert.equal((await post(`${url}/auth/user/list`, {}, { Cookie: "session=admin" })).status, 200);
    assert.equal((await post(`${url}/kv/range`, key("a"))).status, 200);
  });

  it("one that serves the owner of a client certificate", async (t) => {
    const [ours, theirs] = await Promise.all([makeCertificates("backup"), makeCertificates("backup")]);
    t.after(() => Promise.all([ours.remove(), theirs.remove()]));
    const app = await appOf(t, "certificates", certificates);
    const { server, ca } = ours;
    const tls = { ...pemOf(server), ca: readFileSync(ca.cert), requestCert: true, rejectUnauthorized: false };
    const port = await listen(t, createHttpServer(app, { tls }));
    /** The statuses of a unary call and of a stream. */
    const statuses = async (client?: KeyPair): Promise<(number | undefined)[]> => {
      const options = { port, method: "POST", ca: readFileSync(ca.cert), agent: false, ...(client && pemOf(client)) };
      const asking = request({ ...options, path: "/v3/kv/range" }).end(JSON.stringify(key("a")));
      const [unary] = await once(asking, "response");
      const streaming = request({ ...options, path: "/v3/watch" }).end('{"create_request":{"key":"YQ=="}}');
      const [stream] = await once(streaming, "response");
      unary.resume();
      stream.destroy();
      return [unary.statusCode, stream.statusCode];
    };
    assert.deepEqual(await statuses(ours.client), [200, 200]);
    assert.deepEqual(await statuses(ours.server), [403, 403]);
    assert.deepEqual(await statuses(theirs.client), [403, 403]);
    assert.deepEqual(await statuses(), [403, 403]);
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
