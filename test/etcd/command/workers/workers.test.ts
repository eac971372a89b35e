import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type EtcdServer, startEtcd } from "../../../etcd-server/server.js";
import { at } from "../../../http/etcd-json.js";
import { post } from "../../../http/requests.js";
import { portOf } from "../../../server-address.js";
import { until } from "../../../until.js";
import { CommandProcess } from "../command-process.js";
import { gone, isAlive, SKIP_WORKERS, workersOf } from "./worker-processes.js";

async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request, "response");
  return response;
}

/** The values of a metric, added up. */
function total(metrics: string, name: string): number {
  const values = [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, "gm"))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

describe("the command with workers", { skip: SKIP_WORKERS }, () => {
  let etcd: EtcdServer;
  let command: CommandProcess | undefined;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());
  afterEach(async () => {
    await command?.stop("SIGKILL");
  });

  function start(workers: string, ...flags: string[]): CommandProcess {
    const args = ["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", "--workers", workers, ...flags];
    command = new CommandProcess(args);
    return command;
  }

  const range = (url: string) => post(`${url}/v3/kv/range`, { key: "Zm9v" });

  async function metricsOf(url: string): Promise<string> {
    const response = await fetch(`${url}/metrics`, { headers: { Connection: "close" } });
    const metrics = await response.text();
    assert.equal(response.status, 200, metrics);
    return metrics;
  }

  async function openWatch(url: string): Promise<IncomingMessage> {
    const asking = httpRequest(`${url}/v3/watch`, { method: "POST", agent: false });
    asking.end('{"create_request":{"key":"Zm9v"}}');
    const response = await responseTo(asking);
    await once(response, "readable");
    return response;
  }

  it("serves by all of them on one free port, and says so once", async () => {
    const command = start("3");
    const url = await command.url();
    assert.equal(workersOf(command).length, 3);
    for (let i = 0; i < 6; i++) assert.equal((await range(url)).status, 200);
    const { code, stdout, stderr } = await command.stop();
    assert.deepEqual([code, stdout, stderr], [0, `etcd-gateway listening on ${url}\n`, ""]);
  });

  it("has one set of metrics, whichever worker is asked", async () => {
    const command = start("2");
    const url = await command.url();
    for (let i = 0; i < 6; i++) assert.equal((await range(url)).status, 200);
    for (let i = 0; i < 4; i++) {
      const metrics = await metricsOf(url);
      assert.equal(total(metrics, "etcd_gateway_calls_total"), 6, metrics.slice(0, 2_000));
      assert.match(metrics, /^etcd_gateway_build_info\{version="[^"]+"\} 1$/m);
    }
    assert.equal((await command.stop()).code, 0);
  });

  it("goes on counting when a worker dies, and has metrics while another starts", async () => {
    const command = start("2");
    const url = await command.url();
    for (let i = 0; i < 6; i++) assert.equal((await range(url)).status, 200);
    assert.equal(total(await metricsOf(url), "etcd_gateway_call_duration_seconds_count"), 6);
    const [victim = 0] = workersOf(command);
    process.kill(victim, "SIGKILL");
    await command.told(new RegExp(`worker ${victim} exited: SIGKILL`));
    for (let isOne = true; isOne; ) {
      isOne = workersOf(command).length < 2;
      const metrics = await metricsOf(url);
      assert.equal(total(metrics, "etcd_gateway_calls_total"), 6, metrics.slice(0, 2_000));
      assert.equal(total(metrics, "etcd_gateway_call_duration_seconds_count"), 6);
    }
    assert.equal((await range(url)).status, 200);
    assert.equal(total(await metricsOf(url), "etcd_gateway_calls_total"), 7);
    assert.equal((await command.stop()).code, 0);
  });

  it("has metrics though a worker says nothing", async () => {
    const command = start("2");
    const url = await command.url();
    for (let i = 0; i < 6; i++) assert.equal((await range(url)).status, 200);
    await metricsOf(url);
    const [silent = 0] = workersOf(command);
    process.kill(silent, "SIGSTOP");
    try {
      // One of the connections may be for the worker that is stopped.
      const metrics = await Promise.any([metricsOf(url), metricsOf(url)]);
      assert.equal(total(metrics, "etcd_gateway_calls_total"), 6);
    } finally {
      process.kill(silent, "SIGCONT");
    }
    assert.equal((await command.stop()).code, 0);
  });

  it("drains all of them on SIGTERM, of whichever process group", async () => {
    const command = start("2");
    const url = await command.url();
    const workers = workersOf(command);
    const watches = await Promise.all([1, 2, 3, 4].map(() => openWatch(url)));
    const ends = watches.map((watch) => text(watch));
    // As a terminal or a service manager does: everybody gets it.
    for (const pid of workers) process.kill(pid, "SIGTERM");
    const ending = await command.stop();
    assert.equal(ending.code, 0, ending.stderr);
    for (const end of await Promise.all(ends)) {
      const last = end.trim().split("\n").at(-1) ?? "";
      assert.equal(JSON.parse(last).error.code, 14, end);
    }
    await Promise.all(workers.map(gone));
  });

  it("replaces one that dies at once, and tells of it; the others go on", async () => {
    const command = start("2");
    const url = await command.url();
    const [victim = 0, survivor] = workersOf(command);
    process.kill(victim, "SIGKILL");
    await command.told(new RegExp(`etcd-gateway: worker ${victim} exited: SIGKILL; starting a new worker\n`));
    await until(() => workersOf(command).length === 2, "there are two workers");
    assert.ok(workersOf(command).includes(survivor ?? 0));
    assert.equal((await range(url)).status, 200);
    assert.equal((await command.stop()).code, 0);
  });

  it("keeps its port when all of them die", async () => {
    const command = start("2");
    const url = await command.url();
    for (const pid of workersOf(command)) process.kill(pid, "SIGKILL");
    for (;;) {
      // A connection that was on its way to a worker as that died may get no response.
      const signal = AbortSignal.timeout(5_000);
      const asking = fetch(`${url}/v3/kv/range`, { method: "POST", body: '{"key":"Zm9v"}', signal });
      if ((await asking.catch(() => undefined))?.status === 200) break;
      await delay(50);
    }
    assert.equal((await command.stop()).code, 0);
  });

  it("leaves no worker behind when it is killed itself", async () => {
    const command = start("2");
    await command.url();
    const workers = workersOf(command);
    await command.stop("SIGKILL");
    await Promise.all(workers.map(gone));
  });

  it("ends at once on a second signal", async () => {
    const command = start("2", "--grace", "1h");
    const url = await command.url();
    const workers = workersOf(command);
    // A call that takes its time keeps a worker from ending.
    await post(`${url}/v3/lease/grant`, { ID: "7", TTL: 600 });
    await post(`${url}/v3/lock/lock`, { name: "bQ==", lease: "7" });
    const waiting = post(`${url}/v3/lock/lock`, { name: "bQ==" }).catch(() => undefined);
    const queue = { key: "bS8=", range_end: "bTA=", count_only: true };
    const queued = async () => at((await post(`${url}/v3/kv/range`, queue)).json, "count");
    await until(async () => (await queued()) === "2", "both wait for the lock");
    command.signal("SIGTERM");
    // A signal that is sent again before it has arrived arrives once. The worker that has no call ends first.
    await until(() => workersOf(command).length <= 1, "the worker without a call ends");
    command.signal("SIGTERM");
    const ending = await command.ended();
    assert.equal(ending.code, 1);
    await waiting;
    await Promise.all(workers.map(gone));
  });

  it("takes its workers with it on a second signal, even one that does nothing", async () => {
    const command = start("2", "--grace", "1h");
    await command.url();
    const workers = workersOf(command);
    const [silent = 0] = workers;
    process.kill(silent, "SIGSTOP");
    try {
      command.signal("SIGTERM");
      await until(() => workersOf(command).length <= 1, "the other worker ends");
      command.signal("SIGTERM");
      assert.equal((await command.ended()).code, 1);
      await Promise.all(workers.map(gone));
    } finally {
      if (isAlive(silent)) process.kill(silent, "SIGCONT");
    }
  });

  it("ends with one line and the code of its workers if these cannot serve", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const used = await new CommandProcess(["--workers", "3", "--listen", `127.0.0.1:${portOf(taken)}`]).ended();
    taken.close();
    assert.equal(used.code, 1);
    assert.match(
      used.stderr,
      /^etcd-gateway: cannot listen on .*: the port is in use; choose another with --listen\n$/,
    );
    const wrong = await new CommandProcess(["--workers", "3", "--listen", "127.0.0.1:0", "--endpoints", "x"]).ended();
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^etcd-gateway: invalid --endpoints "x": .*\n$/);
  });
});
