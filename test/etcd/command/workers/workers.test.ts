import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { at, post } from "../../../e2e/client.js";
import { type EtcdServer, startEtcd } from "../../../etcd-server/server.js";
import { CommandProcess } from "../command-process.js";

/** The processes that a process has started, as Linux tells. */
function childrenOf(pid: number | undefined): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

/** The environment of a process; empty when it has ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request, "response");
  return response;
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await delay(20);
  }
}

const isLinux = process.platform === "linux";

describe("the command with workers", { skip: !isLinux && "only Linux tells of processes' children" }, () => {
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

  /** The children that serve; a loader of TypeScript may have processes, too. */
  function workersOf({ pid }: CommandProcess): number[] {
    return childrenOf(pid).filter((child) => environmentOf(child).includes("NODE_UNIQUE_ID="));
  }

  const range = (url: string) => post(`${url}/v3/kv/range`, { key: "Zm9v" });

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
      const metrics = await (await fetch(`${url}/metrics`, { headers: { Connection: "close" } })).text();
      const counts = [...metrics.matchAll(/^etcd_gateway_calls_total\{.*\} (\d+)$/gm)].map(([, count]) =>
        Number(count),
      );
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        6,
        metrics.slice(0, 2_000),
      );
      assert.match(metrics, /^etcd_gateway_build_info\{version="[^"]+"\} 1$/m);
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
    await command.told(new RegExp(`etcd-gateway: worker ${victim} ended: SIGKILL; starting another\n`));
    while (workersOf(command).length < 2) await delay(20);
    assert.ok(workersOf(command).includes(survivor ?? 0));
    assert.equal((await range(url)).status, 200);
    assert.equal((await command.stop()).code, 0);
  });

  it("keeps its port when all of them die", async () => {
    const command = start("2");
    const url = await command.url();
    for (const pid of workersOf(command)) process.kill(pid, "SIGKILL");
    for (;;) {
      // A connection that was on its way to a worker as that died may get no answer.
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
    while (at((await post(`${url}/v3/kv/range`, queue)).json, "count") !== "2") await delay(20);
    command.signal("SIGTERM");
    // A signal that is sent again before it has arrived arrives once. The worker that has no call ends first.
    while (workersOf(command).length > 1) await delay(20);
    command.signal("SIGTERM");
    const ending = await command.ended();
    assert.equal(ending.code, 1);
    await waiting;
    await Promise.all(workers.map(gone));
  });

  it("ends with one line and the code of its workers if these cannot serve", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    assert.ok(typeof address === "object" && address !== null);
    const used = await new CommandProcess(["--workers", "3", "--listen", `127.0.0.1:${address.port}`]).ended();
    taken.close();
    assert.equal(used.code, 1);
    assert.match(used.stderr, /^etcd-gateway: .*EADDRINUSE.*\n$/);
    const wrong = await new CommandProcess(["--workers", "3", "--listen", "127.0.0.1:0", "--endpoints", "x"]).ended();
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^etcd-gateway: bad endpoints\[0\] "x": .*\n$/);
  });
});
