import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { test } from "node:test";
import { firstLine } from "../first-line.js";
import { until } from "../until.js";
import { makeCertificates } from "./certificates.js";
import { ETCD_VERSIONS } from "./etcd-versions.js";
import { startCluster, startEtcd } from "./server.js";

async function post(url: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(url + path, { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

const foo = Buffer.from("foo").toString("base64");
const bar = Buffer.from("bar").toString("base64");

for (const version of ETCD_VERSIONS) {
  test(`etcd ${version} keeps its data and its port over a restart, and leaves nothing behind`, async () => {
    const server = await startEtcd({ version });
    assert.ok(server.version.startsWith(`${version}.`));
    await post(server.url, "/v3/kv/put", { key: foo, value: bar });
    const { pid } = server;
    await server.kill("SIGKILL");
    await server.restart();
    assert.notEqual(server.pid, pid);
    const answer = await post(server.url, "/v3/kv/range", { key: foo });
    assert.match(JSON.stringify(answer), new RegExp(`"value":"${bar}"`));
    assert.equal((await server.metrics()).get("etcd_debugging_mvcc_watcher_total"), 0);
    const last = server.pid;
    await server.stop();
    assert.throws(() => process.kill(last, 0), { code: "ESRCH" });
  });
}

test("a server that does not start says why", async () => {
  await assert.rejects(startEtcd({ args: ["--no-such-flag"] }), /ended before it was healthy.*no-such-flag/s);
});

test("a cluster of three has one leader and goes on without a member", async () => {
  const cluster = await startCluster(3);
  try {
    const leaders = await Promise.all(
      cluster.members.map(async (member) => (await member.metrics()).get("etcd_server_is_leader")),
    );
    assert.equal(leaders.filter((leads) => leads === 1).length, 1);
    await cluster.members[leaders.indexOf(0)]?.kill("SIGKILL");
    const url = cluster.members[leaders.indexOf(1)]?.url ?? "";
    assert.match(JSON.stringify(await post(url, "/v3/kv/put", { key: foo })), /"revision":"2"/);
  } finally {
    await cluster.stop();
  }
});

test("TLS: a client needs the authority's certificate where it is asked for", async () => {
  const certificates = await makeCertificates();
  const server = await startEtcd({ tls: { certificates, clientAuth: true } });
  try {
    const ca = await readFile(certificates.ca.cert);
    const identity = { cert: await readFile(certificates.client.cert), key: await readFile(certificates.client.key) };
    assert.equal(await statusOf(`${server.url}/version`, { ca, ...identity }), 200);
    await assert.rejects(statusOf(`${server.url}/version`, { ca }));
  } finally {
    await server.stop();
    await certificates.remove();
  }
});

test("a server does not outlive a test process that is killed", async () => {
  const script = `const { startEtcd } = await import(${JSON.stringify(new URL("server.ts", import.meta.url).href)});
    const server = await startEtcd();
    const folder = server.log.match(/"data-dir":"([^"]+)"/)[1];
    console.log(JSON.stringify({ pid: server.pid, folder }));
    setInterval(() => {}, 1000);`;
  const runner = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { pid, folder } = JSON.parse(await firstLine(runner));
  assert.ok(existsSync(folder));
  runner.kill("SIGKILL");
  await until(() => !isAlive(pid) && !existsSync(folder), "the server ends and its data is removed");
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function statusOf(url: string, tls: { ca: Buffer; cert?: Buffer; key?: Buffer }): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpsRequest(url, { ...tls, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
