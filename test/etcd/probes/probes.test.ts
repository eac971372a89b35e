import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, it, type TestContext } from "node:test";
import { createClient } from "@etcd-gateway/runtime";
import { type EtcdGatewayOptions, type EtcdProbesOptions, etcdGateway, etcdProbes } from "etcd-gateway";
import express from "express";
import { services } from "../../../generated/index.js";
import { RangeResponse, StatusResponse } from "../../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { FakeTransport } from "../../core/http/fake-transport.js";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { makeCertificates } from "../../etcd-server/certificates.js";
import { ETCD_VERSIONS } from "../../etcd-server/etcd-versions.js";
import { type EtcdServer, startCluster, startEtcd } from "../../etcd-server/server.js";
import { listen } from "../../http/listen.js";

const PATHS = ["/version", "/health", "/livez", "/readyz"];

/** A response, without the headers that no two responses share. */
interface Probed {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

async function probe(url: string, method = "GET"): Promise<Probed> {
  const response = await fetch(url, { method });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

/** The same with the lines in an order of their own: etcd has them in any. */
function sorted({ text, ...rest }: Probed): Probed {
  return { ...rest, text: text.split("\n").sort().join("\n") };
}

/** Serves the probes of etcd until the test ends. */
async function probes(
  t: TestContext,
  endpoints: readonly string[],
  // As long as a busy machine may take.
  options: EtcdProbesOptions = { timeout: 60_000 },
): Promise<string> {
  const gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints });
  t.after(() => gateway.close(0));
  const app = express().use("/etcd", etcdProbes(gateway, options));
  return `http://127.0.0.1:${await listen(t, createServer(app))}/etcd`;
}

async function alarm(etcd: EtcdServer, name: string): Promise<void> {
  const body = JSON.stringify({ action: "ACTIVATE", alarm: name });
  assert.equal((await fetch(`${etcd.url}/v3/maintenance/alarm`, { method: "POST", body })).status, 200);
}

for (const version of ETCD_VERSIONS) {
  describe(`probes of etcd ${version}`, () => {
    let etcd: EtcdServer;
    before(async () => {
      etcd = await startEtcd({ version });
    });
    after(() => etcd.stop());

    /** Those that every etcd serves, then those that came with 3.5.11. */
    const HEALTH = ["/version", "/version?x", "/health", "/health?serializable=true", "/health?exclude=NOSPACE"];
    const MORE = ["/health?exclude=nospace", "/health?exclude=NOSPACE&exclude=CORRUPT", "/health?exclude=CORRUPT"];
    const CHECKS = [
      "/livez",
      "/readyz",
      "/livez?verbose",
      "/readyz?verbose=1",
      "/readyz?exclude=data_corruption&verbose",
    ];
    const SINGLE = ["/readyz?exclude=no", "/livez/serializable_read", "/readyz/data_corruption?verbose"];
    const same = [...HEALTH, ...MORE, ...(version === "3.4" ? [] : [...CHECKS, ...SINGLE])];

    async function compare(url: string, paths = same): Promise<void> {
      for (const path of paths) {
        const [ours, theirs] = await Promise.all([probe(url + path), probe(etcd.url + path)]);
        assert.deepEqual(sorted(ours), sorted(theirs), path);
      }
    }

    it("get the same responses as from etcd itself", async (t) => {
      await compare(await probes(t, [etcd.endpoint]));
    });

    it("respond to HEAD, and to no other method", async (t) => {
      const url = await probes(t, [etcd.endpoint]);
      for (const path of PATHS) {
        const get = await fetch(url + path);
        const head = await fetch(url + path, { method: "HEAD" });
        assert.equal(head.status, 200);
        assert.equal(head.headers.get("content-length"), String((await get.text()).length));
        assert.equal(await head.text(), "");
        for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
          const rejected = await fetch(url + path, { method });
          assert.equal(rejected.status, 405);
          assert.equal(rejected.headers.get("allow"), "GET, HEAD");
        }
      }
      for (const path of ["/version/", "/Health", "/livez/no", "/readyz/", "/"]) {
        assert.equal((await fetch(url + path)).status, 404, path);
      }
    });

    it("tell of alarms", async (t) => {
      const url = await probes(t, [etcd.endpoint]);
      await alarm(etcd, "NOSPACE");
      await compare(url);
      assert.equal((await probe(`${url}/health`)).status, 503);
      await alarm(etcd, "CORRUPT");
      // Which of several alarms it tells, etcd does not decide.
      await compare(
        url,
        same.filter((path) => !path.startsWith("/health") || path.includes("exclude=NOSPACE")),
      );
      assert.equal((await probe(`${url}/health?exclude=NOSPACE`)).status, 503);
      assert.equal(
        (await probe(`${url}/readyz`)).text.includes("[-]data_corruption failed: alarm activated: CORRUPT"),
        true,
      );
      assert.equal((await probe(`${url}/livez`)).text, "ok\n");
    });
  });

  describe(`probes of etcd ${version} with users`, () => {
    it("are healthy", async (t) => {
      const etcd = await startEtcd({ version });
      t.after(() => etcd.stop());
      for (const [path, body] of Object.entries({
        "user/add": { name: "root", password: "r" },
        "role/add": { name: "root" },
        "user/grant": { user: "root", role: "root" },
        enable: {},
      })) {
        const answered = await fetch(`${etcd.url}/v3/auth/${path}`, { method: "POST", body: JSON.stringify(body) });
        assert.equal(answered.status, 200, path);
      }
      const url = await probes(t, [etcd.endpoint]);
      for (const path of PATHS) assert.equal((await fetch(url + path)).status, 200, path);
    });
  });
}

describe("probes", () => {
  it("tell that the cluster has no majority", async (t) => {
    const cluster = await startCluster(2);
    t.after(() => cluster.stop());
    const [first, second] = cluster.members;
    assert.ok(first && second);
    const url = await probes(t, [first.endpoint], { timeout: 3_000 });
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    await second.kill("SIGKILL");
    assert.equal((await fetch(`${url}/health?serializable=true`)).status, 200);
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    const ready = await probe(`${url}/readyz`);
    assert.equal(ready.status, 503);
    assert.match(
      ready.text,
      /^\[\+\]data_corruption ok\n\[\+\]serializable_read ok\n\[-\]linearizable_read failed: .+\n\n$/,
    );
    const healthy = await probe(`${url}/health`);
    assert.equal(healthy.status, 503);
    assert.match(healthy.text, /^\{"health":"false"\}\n$/);
  });

  it("are bounded when etcd hangs, and recover with it", async (t) => {
    const etcd = await startEtcd({ version: "3.5" });
    t.after(() => etcd.stop());
    const url = await probes(t, [etcd.endpoint], { timeout: 3_000 });
    assert.equal((await fetch(`${url}/health`)).status, 200);
    await etcd.kill("SIGSTOP");
    const answers = await Promise.all(PATHS.map((path) => probe(url + path)));
    for (const { status, text } of answers) {
      assert.equal(status, 503);
      assert.doesNotMatch(text, /127\.0\.0\.1/);
    }
    // The process of the gateway lives, whatever etcd does.
    assert.equal((await probe(`${url}/livez?exclude=serializable_read`)).text, "ok\n");
    await etcd.kill("SIGCONT");
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });

  it("share one call of each kind", async (t) => {
    const { transport, url, arrived } = await overFakeTransport(t);
    const paths = Array.from({ length: 50 }, () => [...PATHS, "/health?serializable=true"]).flat();
    const probing = paths.map((path) => probe(url + path));
    await arrived(paths.length);
    assert.equal(transport.waiting, 3);
    for (let i = 0; i < 3; i++) {
      const call = await transport.nextUnary();
      call.respond(call.path.endsWith("/Status") ? STATUS : RANGE);
    }
    for (const { status } of await Promise.all(probing)) assert.equal(status, 200);
    // Later probes ask again.
    const later = probe(`${url}/version`);
    (await transport.nextUnary()).respond(STATUS);
    assert.equal((await later).text, '{"etcdserver":"3.7.1","etcdcluster":"3.6.0","storage":"3.6.0"}');
  });

  it("do without what etcd tells only to users", async (t) => {
    const { transport, url } = await overFakeTransport(t);
    const refusal = new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: user name is empty");
    const expected = { "/health": 200, "/readyz": 200, "/livez": 200, "/version": 503 };
    for (const [path, status] of Object.entries(expected)) {
      const probing = probe(url + path);
      let calls = { "/health": 2, "/readyz": 3, "/livez": 1, "/version": 1 }[path] ?? 0;
      for (; calls > 0; calls--) (await transport.nextUnary()).fail(refusal);
      assert.equal((await probing).status, status, path);
    }
  });

  it("pass on the version that an endpoint tells everybody, where etcd tells it only to users", async (t) => {
    const certificates = await makeCertificates();
    t.after(() => certificates.remove());
    const [plain, secure] = await Promise.all([startEtcd(), startEtcd({ tls: { certificates, clientAuth: true } })]);
    t.after(() => Promise.all([plain.stop(), secure.stop()]));
    const { ca, client } = certificates;
    const [authority, cert, key] = [ca.cert, client.cert, client.key].map((file) => readFileSync(file, "utf8"));
    assert.ok(authority !== undefined && cert !== undefined && key !== undefined);
    const ways: EtcdGatewayOptions[] = [
      { endpoints: [plain.endpoint] },
      { endpoints: ["127.0.0.1:1", plain.url] },
      { endpoints: [secure.url], tls: { ca: authority, cert, key } },
      { endpoints: [secure.endpoint], tls: { ca: authority, cert, key } },
    ];
    const refused = new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: user name is empty");
    for (const options of ways) {
      const { transport, url } = await overFakeTransport(t, options);
      const probing = probe(`${url}/version`);
      (await transport.nextUnary()).fail(refused);
      const expected = { etcdserver: plain.version, etcdcluster: "3.4.0" };
      assert.deepEqual(await probing, { status: 200, type: "application/json", text: JSON.stringify(expected) });
    }
    const others = [{ endpoints: [secure.endpoint] }, { endpoints: [secure.url] }];
    for (const options of others) {
      const { transport, url } = await overFakeTransport(t, options);
      const probing = probe(`${url}/version`);
      (await transport.nextUnary()).fail(refused);
      const text = '{"code":3,"message":"etcdserver: user name is empty"}';
      assert.deepEqual(await probing, { status: 503, type: "application/json", text });
    }
  });

  it("tell that there is no leader", async (t) => {
    const { transport, url } = await overFakeTransport(t);
    for (const [query, text] of [
      ["", '{"health":"false","reason":"RAFT NO LEADER"}\n'],
      ["?serializable=true", '{"health":"true","reason":""}'],
    ]) {
      const probing = probe(`${url}/health${query}`);
      for (let calls = 2; calls > 0; calls--) {
        const call = await transport.nextUnary();
        call.respond(call.path.endsWith("/Status") ? statusOf({ version: "3.7.1" }) : RANGE);
      }
      assert.equal((await probing).text, text);
    }
  });

  it("have a timeout that can be kept", () => {
    const gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: ["127.0.0.1:1"] });
    for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(
        () => etcdProbes(gateway, { timeout }),
        /^TypeError: invalid timeout .*: expected an integer from 1/,
      );
    }
  });
});

const STATUS = statusOf({ version: "3.7.1", storageVersion: "3.6.0", leader: 1n });
const RANGE = RangeResponse.encode(RangeResponse.fromPartial({})).finish();

function statusOf(state: Partial<StatusResponse>): Uint8Array {
  return StatusResponse.encode(StatusResponse.fromPartial(state)).finish();
}

/** Serves the probes of an etcd that the test plays. */
async function overFakeTransport(t: TestContext, etcd: EtcdGatewayOptions = { endpoints: ["127.0.0.1:1"] }) {
  const gateway = etcdGateway(etcd);
  t.after(() => gateway.close(0));
  const transport = new FakeTransport();
  const counter = new EventEmitter();
  let count = 0;
  const app = express();
  app.use((_req, _res, next) => {
    count += 1;
    next();
    counter.emit("request");
  });
  app.use(etcdProbes({ ...gateway, client: createClient(services, transport) }));
  const url = `http://127.0.0.1:${await listen(t, createServer(app))}`;
  return {
    transport,
    url,
    /** Resolves when so many requests have come. */
    async arrived(expected: number): Promise<void> {
      while (count < expected) await once(counter, "request");
    },
  };
}

describe("probes in an app that does more to its responses", () => {
  it("costs the request alone", async (t) => {
    const gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: ["127.0.0.1:1"], timeouts: { connect: 200 } });
    t.after(() => gateway.close(0));
    t.mock.method(process, "emitWarning", () => {});
    const app = express();
    app.get("/early/*path", (_req, res, next) => {
      res.status(504).end("too slow");
      next();
    });
    for (const name of ["writeHead", "end"] as const) {
      app.get(`/${name}/*path`, (_req, res, next) => {
        Reflect.set(res, name, () => {
          throw new Error("a hook of the app failed");
        });
        next();
      });
    }
    for (const name of ["writeHead", "end"] as const) {
      app.get(`/async-${name}/*path`, (_req, res, next) => {
        Reflect.set(res, name, async () => Promise.reject(new Error("an async hook of the app failed")));
        next();
      });
    }
    app.get("/getter/*path", (_req, res, next) => {
      Object.defineProperty(res, "headersSent", { get: () => assert.fail("a getter of the app failed") });
      next();
    });
    app.get("/event/*path", (_req, res, next) => {
      next();
      res.emit("error", new Error("the app's"));
    });
    const bad = ["writeHead", "end", "async-writeHead", "async-end", "getter"];
    for (const path of ["early", "event", "ok", ...bad].map((name) => `/${name}`))
      app.use(path, etcdProbes(gateway, { timeout: 200 }));
    const url = `http://127.0.0.1:${await listen(t, createServer(app))}`;
    assert.deepEqual((await probe(`${url}/early/health`)).text, "too slow");
    for (const name of bad) await assert.rejects(probe(`${url}/${name}/health`));
    for (const name of ["event", "ok"]) assert.equal((await probe(`${url}/${name}/health`)).status, 503);
  });
});
