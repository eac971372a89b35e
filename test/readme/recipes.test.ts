import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CommandProcess } from "../etcd/command/command-process.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { commandLines } from "./run/command-lines.js";
import { runProgram } from "./run/program.js";
import { runCommands } from "./run/run-commands.js";
import { snippets } from "./run/snippets.js";

const PAGE = "docs/recipes.md";
const GATEWAY = "127.0.0.1:8080";

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
    // The commands that start a gateway, and those of an etcd with users, are none of these.
    const blocks = snippets(PAGE, "sh").filter((block) => !/npx |TOKEN/.test(block));
    assert.ok(blocks.length > 12);
    for (const block of blocks) await runCommands(commandLines(block.replaceAll(GATEWAY, host)));
  });

  it("has TypeScript that prints what the page says", { timeout: 120_000 }, async () => {
    const blocks = snippets(PAGE, "ts");
    const expected = blocks.flatMap((block) => [...block.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line));
    assert.ok(expected.length > 6);
    // What the other commands did must not matter: a history without the compaction at the end of the page.
    const fresh = await startEtcd();
    const gateway = new CommandProcess(["--endpoints", fresh.endpoint, "--listen", "127.0.0.1:0"]);
    try {
      const prepared = [
        'await etcd.kv.put({ key: "app/a", value: "0" });',
        'await etcd.kv.deleteRange({ key: "app/a" });',
        'await etcd.kv.put({ key: "app/b", value: "2" });',
        'await etcd.kv.put({ key: "owner", value: "you" });',
      ];
      const [setup = "", ...rest] = blocks;
      const program = [setup, ...prepared, ...rest].join("\n").replaceAll(GATEWAY, new URL(await gateway.url()).host);
      assert.deepEqual((await runProgram("recipes", program)).trimEnd().split("\n"), expected);
    } finally {
      await gateway.stop("SIGTERM");
      await fresh.stop();
    }
  });
});
