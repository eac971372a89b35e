import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Curl } from "../e2e/curl/curl.js";
import { startEtcd } from "../etcd-server/server.js";
import { until } from "../until.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const groups: number[] = [];
after(() => {
  for (const group of groups.filter(isAlive)) process.kill(-group, "SIGKILL");
});

/** Runs `npm start`, and reads its output until it says how to stop it. */
async function npmStart(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; output: string }> {
  const child = spawn("npm", ["start", "--silent", "--", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  if (child.pid !== undefined) groups.push(child.pid);
  let output = "";
  for await (const line of createInterface({ input: child.stdout })) {
    output += `${line}\n`;
    if (line.startsWith("Ctrl-C")) return { child, output };
  }
  throw new Error(`npm start ended:\n${output}`);
}

const timeout = 120_000;

test("npm start serves a real etcd, prints curl lines that work, and leaves nothing behind", { timeout }, async () => {
  const { child, output } = await npmStart(["--listen", "127.0.0.1:0"]);
  const commands = output.match(/(?<=^ {2})curl .*$/gm) ?? [];
  const [put = "", range = "", watch = ""] = commands;
  assert.equal(commands.length, 3, output);
  assert.match(await (await Curl.run(put)).text(), /^\{"header":\{.*\}\}$/);
  assert.match(await (await Curl.run(range)).text(), /"kvs":\[\{"key":"Zm9v",.*"value":"YmFy"\}\],"count":"1"\}$/);
  const events = await Curl.run(watch);
  assert.match((await events.next()) ?? "", /^\{"result":\{.*"created":true\}\}$/);
  assert.match((await events.next()) ?? "", /^\{"result":\{.*"events":\[.*"value":"YmFy".*\]\}\}$/);

  const exited = once(child, "exit");
  child.kill("SIGTERM");
  assert.match((await events.next()) ?? "", /^\{"error":/);
  assert.deepEqual(await exited, [0, null]);
  // The processes that compile TypeScript for npm start notice its end a moment later.
  await until(() => !groups.some(isAlive), "all processes end");
  const ports = [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
  assert.ok(ports.length > 1);
  for (const port of ports) await assert.rejects(connected(port), { code: "ECONNREFUSED" });
});

test("npm start uses the etcd that ETCD_ENDPOINTS names, and leaves it running", { timeout }, async () => {
  const etcd = await startEtcd();
  try {
    const { child, output } = await npmStart(["--listen", "127.0.0.1:0"], { ETCD_ENDPOINTS: etcd.endpoint });
    const [put = ""] = output.match(/(?<=^ {2})curl .*$/gm) ?? [];
    assert.match(await (await Curl.run(put)).text(), /"revision":"2"/);
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.equal((await fetch(`${etcd.url}/health`)).status, 200);
  } finally {
    await etcd.stop();
  }
});

test("npm start takes the flags of the command", { timeout }, async () => {
  const { child, output } = await npmStart(["--listen", "127.0.0.1:0", "--bytes", "text", "--dialect=v1"]);
  const [, url = ""] = /^gateway: (http:\S+)$/m.exec(output) ?? [];
  const post = (path: string, body: string) => fetch(`${url}${path}`, { method: "POST", body });
  assert.equal((await post("/v3/kv/put", '{"key":"a","value":"ü"}')).status, 200);
  assert.match(await (await post("/v3/kv/range", '{"key":"a"}')).text(), /"value":"ü"/);
  assert.match(await (await post("/v3/kv/put", "{}")).text(), /"error":"etcdserver: key is not provided"/);
  for (const path of ["/version", "/health", "/openapi.json"]) {
    assert.equal((await fetch(`${url}${path}`)).status, 200, path);
  }
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("npm start says what is wrong with a flag", { timeout }, async () => {
  const child = spawn("npm", ["start", "--silent", "--", "--listen", "8080"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) lines.push(line);
  assert.match(lines.join("\n"), /^invalid --listen "8080": expected HOST:PORT/m);
  assert.equal(child.exitCode ?? (await once(child, "exit"))[0], 2);
});

function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.destroy());
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}
