import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ETCD_VERSIONS } from "../etcd-server/etcd-versions.js";
import { freePorts } from "../etcd-server/free-ports.js";
import { obtainEtcd } from "../etcd-server/obtain/obtain.js";
import { startEtcd } from "../etcd-server/server.js";
import { at, base64, result } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import { post } from "../http/requests.js";
import { startGateway } from "./gateway.js";

/** Starts etcd's gRPC proxy in front of a server, until the test ends, and gives its endpoint. */
async function startProxy(t: TestContext, version: string, endpoint: string): Promise<string> {
  const { path } = await obtainEtcd({ version });
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), "etcd-proxy-"));
  const listen = `127.0.0.1:${port}`;
  const flags = [`--endpoints=${endpoint}`, `--listen-addr=${listen}`, `--data-dir=${folder}`];
  const proxy = spawn(path, ["grpc-proxy", "start", ...flags], { stdio: "ignore" });
  const ended = once(proxy, "close");
  t.after(async () => {
    proxy.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true });
  });
  while (!(await answers(port))) {
    assert.equal(proxy.exitCode, null, "the proxy ended");
    await delay(20);
  }
  return listen;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

for (const version of ETCD_VERSIONS) {
  test(`a gateway works with the gRPC proxy of etcd ${version}, which takes the end of requests for that of the call`, async (t) => {
    const etcd = await startEtcd({ version });
    t.after(() => etcd.stop());
    const gateway = await startGateway({ endpoints: [await startProxy(t, version, etcd.endpoint)] });
    t.after(() => gateway.close());
    const url = `${gateway.url}/v3`;
    const key = base64("k");

    const lease = at(result(await post(`${url}/lease/grant`, { TTL: 60 })), "ID");
    assert.deepEqual(
      (await postStream(`${url}/lease/keepalive`, { ID: lease }).rest()).map((line) => at(line, "result", "TTL")),
      ["60"],
    );
    result(await post(`${url}/kv/put`, { key, lease }));
    const watching = postStream(`${url}/watch`, { create_request: { key, start_revision: 1 } });
    assert.equal(at(await watching.next(), "result", "created"), true);
    assert.equal(at(await watching.next(), "result", "events", 0, "kv", "version"), "1");
    result(await post(`${url}/kv/put`, { key }));
    assert.equal(at(await watching.next(), "result", "events", 0, "kv", "version"), "2");
    watching.abort();
  });
}
