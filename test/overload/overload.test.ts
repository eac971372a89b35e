// On a busy machine this takes over a minute: with each kind of limits, the command serves 64 clients, and then 640.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { CommandProcess } from "../etcd/command/command-process.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { type ClosedLoop, closedLoop } from "./closed-loop.js";

const MIB = 1024 * 1024;
const KEY = Buffer.from("overload").toString("base64");

let etcd: EtcdServer;

before(async () => {
  etcd = await startEtcd();
});

after(() => etcd.stop());

/** The memory that a process holds, in bytes. */
function residentMemory(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: "POST", body: JSON.stringify(body) });
}

for (const flags of [["--max-in-flight", "64"], []]) {
  const limits = flags.length === 0 ? "the default limits" : flags.join(" ");
  test(`ten times the load that fits is served or rejected, with ${limits}`, { timeout: 180_000 }, async (t) => {
    const gateway = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
    t.after(() => gateway.stop("SIGKILL"));
    const url = await gateway.url();
    const pid = gateway.pid ?? 0;
    const load = (work: Pick<ClosedLoop, "connections" | "duration">) =>
      closedLoop({ url: `${url}/v3/kv/range`, body: JSON.stringify({ key: KEY }), ...work });
    const watch = await post(`${url}/v3/watch`, { create_request: { key: KEY } });
    const events = watch.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    assert.match(String((await events?.next())?.value), /"created":true/);

    await load({ connections: 16, duration: 1_000 });
    const calm = await load({ connections: 64, duration: 1_500 });
    assert.deepEqual(Object.keys(calm.statuses), ["200"]);
    const memory = residentMemory(pid);
    const overload = await load({ connections: 640, duration: 3_000 });

    const { 200: served = 0, 503: rejected = 0, ...others } = overload.statuses;
    assert.deepEqual(others, {});
    assert.ok(served > 0, "none is served");
    if (flags.length > 0) assert.ok(rejected > 0, "none is rejected");
    assert.deepEqual([overload.withoutRetryAfter, overload.broken, overload.unanswered], [0, 0, 0]);
    // What is not rejected waits for each of the others once or twice, and not for ever behind those that come later.
    assert.ok(overload.overtaken < 3 * 640, `${overload.overtaken} others were served before it`);
    const growth = residentMemory(pid) - memory;
    assert.ok(growth < 128 * MIB, `${growth / MIB} MiB more`);

    assert.equal((await post(`${url}/v3/kv/put`, { key: KEY, value: KEY })).status, 200, "it has recovered at once");
    assert.match(String((await events?.next())?.value), /"mod_revision"/, "the watch goes on");
  });
}
