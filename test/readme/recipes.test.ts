import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { CommandProcess } from "../etcd/command/command-process.js";
import { type EtcdServer, startCluster, startEtcd } from "../etcd-server/server.js";
import { at } from "../http/etcd-json.js";
import { post } from "../http/requests.js";
import { commandLines } from "./run/command-lines.js";
import { runProgram } from "./run/program.js";
import { runCommands } from "./run/run-commands.js";
import { snippets } from "./run/snippets.js";

const PAGE = "docs/recipes.md";
const GATEWAY = "127.0.0.1:8080";

/** A gateway to one member of a cluster. */
interface Found {
  readonly url: string;
  /** The ids of the member and of its leader. */
  readonly id: unknown;
  readonly leader: unknown;
}

describe(PAGE, () => {
  let etcd: EtcdServer;
  let command: CommandProcess;
  let host: string;
  before(async () => {
    etcd = await startEtcd();
    command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]);
    host = new URL(await command.url()).host;
  });
  after(async () => {
    await command?.stop("SIGTERM");
    await etcd?.stop();
  });

  it("has commands that print what the page says", { timeout: 120_000 }, async () => {
    // The commands that start a gateway, and those that need another etcd, are none of these.
    const others = /npx |TOKEN|auth\/enable|openssl|backup\.db|_ID"|member\/add|DEACTIVATE/;
    const blocks = snippets(PAGE, "sh").filter((block) => !others.test(block));
    assert.ok(blocks.length > 12);
    for (const block of blocks) await runCommands(commandLines(block.replaceAll(GATEWAY, host)));
  });

  it("has commands for users, who then have the rights that the page says", { timeout: 60_000 }, async () => {
    const fresh = await startEtcd();
    const gateway = new CommandProcess(["--endpoints", fresh.endpoint, "--listen", "127.0.0.1:0"]);
    try {
      const url = await gateway.url();
      const block = snippets(PAGE, "sh").find((each) => each.includes("auth/enable")) ?? "";
      await runCommands(commandLines(block.replaceAll(GATEWAY, new URL(url).host)));
      const signIn = await post(`${url}/v3/auth/authenticate`, { name: "ann", password: "hush" });
      const headers = { Authorization: String(at(signIn.json, "token")) };
      const put = (key: string) => post(`${url}/v3/kv/put?bytes=text`, { key, value: "x" }, headers);
      assert.equal((await put("app/mine")).status, 200);
      assert.equal((await put("other")).status, 403);
    } finally {
      await gateway.stop("SIGTERM");
      await fresh.stop();
    }
  });

  it("has commands that change the members of a cluster", { timeout: 120_000 }, async (t) => {
    // Otherwise etcd accepts no member until all have been connected for some seconds.
    const cluster = await startCluster(3, { args: ["--strict-reconfig-check=false"] });
    t.after(() => cluster.stop());
    const found = async (endpoint: string): Promise<Found> => {
      const gateway = new CommandProcess(["--endpoints", endpoint, "--listen", "127.0.0.1:0"]);
      t.after(() => gateway.stop());
      const url = await gateway.url();
      const { json } = await post(`${url}/v3/maintenance/status`);
      return { url, id: at(json, "header", "member_id"), leader: at(json, "leader") };
    };
    const members = await Promise.all(cluster.endpoints.map(found));
    const leader = members.find(({ id, leader }) => id === leader);
    const follower = members.find(({ id, leader }) => id !== leader);
    assert.ok(leader !== undefined && follower !== undefined);
    const blocks = snippets(PAGE, "sh").filter((block) => /member\/add|_ID"/.test(block));
    assert.equal(blocks.length, 3);
    for (const block of blocks) {
      const list = (await post(`${leader.url}/v3/cluster/member/list`)).json;
      const [, learner = ""] = /"ID":"(\d+)"[^{}]*"isLearner":true/.exec(JSON.stringify(list)) ?? [];
      const commands = block
        .replaceAll(GATEWAY, new URL(leader.url).host)
        .replaceAll("LEARNER_ID", learner)
        .replaceAll("FOLLOWER_ID", String(follower.id));
      // Nothing runs as the learner, so that it never has all data.
      await runCommands(
        commandLines(commands.replace(/^(curl .*promote.*)$/m, "$1\n# {...can only promote a learner...}")),
      );
    }
    assert.equal((await found(cluster.endpoints[0] ?? "")).leader, follower.id);
  });

  it("has commands that make space in a full database", { timeout: 120_000 }, async (t) => {
    const full = await startEtcd({ args: ["--quota-backend-bytes", String(4 * 1024 * 1024)] });
    t.after(() => full.stop());
    const gateway = new CommandProcess(["--endpoints", full.endpoint, "--listen", "127.0.0.1:0"]);
    t.after(() => gateway.stop());
    const url = await gateway.url();
    const put = () => post(`${url}/v3/kv/put?bytes=text`, { key: "large", value: "x".repeat(1_000_000) });
    let answer = await put();
    for (let i = 0; i < 20 && answer.status === 200; i++) answer = await put();
    assert.equal(answer.status, 429);
    assert.equal(at(answer.json, "message"), "etcdserver: mvcc: database space exceeded");
    const block = snippets(PAGE, "sh").find((each) => each.includes("DEACTIVATE")) ?? "";
    await runCommands(commandLines(block.replaceAll(GATEWAY, new URL(url).host)));
    assert.equal((await put()).status, 200);
  });

  it("has certificates that etcd and the command take", { timeout: 60_000 }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "recipe-certificates-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const block = snippets(PAGE, "sh").find((each) => each.includes("openssl")) ?? "";
    await promisify(execFile)("sh", ["-e", "-c", block], { cwd: folder });
    const pair = (name: string) => ({ cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) });
    const certificates = { ca: pair("ca"), server: pair("etcd"), client: pair("root"), remove: async () => {} };
    const guarded = await startEtcd({ tls: { certificates, clientAuth: true } });
    t.after(() => guarded.stop());
    const { ca, client } = certificates;
    const flags = ["--cacert", ca.cert, "--cert", client.cert, "--key", client.key];
    const gateway = new CommandProcess(["--endpoints", guarded.url, "--listen", "127.0.0.1:0", ...flags]);
    t.after(() => gateway.stop());
    assert.equal((await post(`${await gateway.url()}/v3/kv/range`, { key: "Zm9v" })).status, 200);
  });

  it("has commands that save a snapshot as etcd's own tool does", { timeout: 60_000 }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "recipe-snapshot-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const block = snippets(PAGE, "sh").find((each) => each.includes("backup.db")) ?? "";
    await promisify(execFile)("sh", ["-e", "-c", block.replaceAll(GATEWAY, host)], { cwd: folder });
    assertSnapshot(await readFile(join(folder, "backup.db")));
  });

  it("has TypeScript that prints what the page says", { timeout: 120_000 }, async () => {
    const blocks = snippets(PAGE, "ts");
    const expected = blocks.flatMap((block) => [...block.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line));
    assert.ok(expected.length > 6);
    // What the other commands did must not matter: a history without the compaction at the end of the page.
    const fresh = await startEtcd();
    const gateway = new CommandProcess(["--endpoints", fresh.endpoint, "--listen", "127.0.0.1:0"]);
    const folder = await mkdtemp(join(tmpdir(), "recipes-"));
    const backup = join(folder, "backup.db");
    try {
      const prepared = [
        'await etcd.kv.put({ key: "app/a", value: "0" });',
        'await etcd.kv.deleteRange({ key: "app/a" });',
        'await etcd.kv.put({ key: "app/b", value: "2" });',
        'await etcd.kv.put({ key: "owner", value: "you" });',
      ];
      const [setup = "", ...rest] = blocks;
      const program = [setup, ...prepared, ...rest]
        .join("\n")
        .replaceAll(GATEWAY, new URL(await gateway.url()).host)
        .replace('"backup.db"', JSON.stringify(backup));
      assert.deepEqual((await runProgram("recipes", program)).trimEnd().split("\n"), expected);
      assertSnapshot(await readFile(backup));
    } finally {
      await rm(folder, { recursive: true, force: true });
      await gateway.stop("SIGTERM");
      await fresh.stop();
    }
  });
});

/** Asserts that a file is a whole snapshot: a database, and the SHA-256 of it that etcd's tool checks. */
function assertSnapshot(file: Buffer): void {
  const [database, checksum] = [file.subarray(0, -32), file.subarray(-32)];
  assert.ok(database.length > 0 && database.length % 512 === 0, `${database.length} bytes`);
  assert.deepEqual(createHash("sha256").update(database).digest(), checksum);
}
