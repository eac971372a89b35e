import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FLAGS } from "../../runtime/etcd/command/flags.js";

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

/** The names of an interface's members. */
function members(file: string, name: string): readonly string[] {
  const [, body] = new RegExp(`^export interface ${name}\\b[^]*?\\{\n([^]*?)^\\}`, "m").exec(read(file)) ?? [];
  assert.ok(body !== undefined, name);
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member = ""]) => member);
}

/** The code in the first column of a page's tables whose first head is `head`. */
function documented(file: string, head: string): readonly string[] {
  const tables = [...read(file).matchAll(new RegExp(`^\\| ${head} \\|.*\n\\|[-|]+\\|\n((?:\\|.*\n)+)`, "gm"))];
  const cells = tables.flatMap(([, rows = ""]) => rows.split("\n").map((row) => /^\|([^|]*)\|/.exec(row)?.[1] ?? ""));
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
}

test("docs/mounting.md has each option, and no other", () => {
  const options = [
    ...members("runtime/etcd/etcd-gateway.ts", "EtcdGatewayOptions"),
    ...members("runtime/core/http/guard/browser-guard.ts", "BrowserGuardOptions"),
  ];
  assert.ok(options.includes("endpoints") && options.includes("cors"));
  assert.deepEqual([...documented("docs/mounting.md", "option")].sort(), options.sort());
});

test("docs/mounting.md has each option of upgrades to WebSocket", () => {
  const [, section] = /^## WebSocket\n(.*?)^## /ms.exec(read("docs/mounting.md")) ?? [];
  for (const option of members("runtime/core/websocket/upgrade-options.ts", "UpgradeOptions")) {
    assert.ok(section?.includes(`\`${option}\``), option);
  }
});

test("docs/command.md has each flag, and no other; which takes a value, and which does not", () => {
  const rows = documented("docs/command.md", "flag");
  const described = rows.map((code) => [code.slice(2).split(" ")[0], / [A-Z:]+$/.test(code) ? "string" : "boolean"]);
  const flags = Object.entries(FLAGS).map(([name, { type }]) => [name, type]);
  assert.deepEqual(described.sort(), flags.sort());
});
