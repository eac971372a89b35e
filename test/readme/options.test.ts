import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { etcdChannel } from "etcd-gateway/client";
import { UPGRADE_OPTIONS } from "../../runtime/core/websocket/upgrade-options.js";
import { FLAGS } from "../../runtime/etcd/command/flags/flag-table.js";
import { commentedOptions } from "./tables/commented-options.js";
import { sourcesWithComments } from "./tables/option-comments.js";
import { optionsWithoutFlag, pagesWithOptions } from "./tables/option-tables.js";

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

for (const { file, text, expected } of [...pagesWithOptions(), ...sourcesWithComments()]) {
  test(`${file} describes the options as their tables do; if not, npm run options:docs writes it`, () => {
    assert.equal(text, expected);
  });
}

test("the comments on the options of the HTTP client name their defaults", (t) => {
  t.mock.method(performance, "now", () => 0);
  const options = { baseUrl: "http://127.0.0.1:1" };
  const channel = etcdChannel(options);
  const lifetime = channel.begin("a.B.C", {}, true);
  lifetime.end();
  const named = commentedOptions("runtime/etcd/client/etcd-client.ts", "EtcdClientOptions");
  const values = new Map(named.map(({ path, byDefault }) => [path, byDefault]));
  assert.equal(values.get("timeouts.unary"), String(lifetime.deadline));
  assert.equal(values.get("retries"), String(channel.retries({})));
  assert.equal(values.get("receiveBuffer"), String(channel.receiveBuffer));
  assert.equal(`${options.baseUrl}${JSON.parse(values.get("prefix") ?? "")}/a`, channel.url("/v3/a"));
});

test("docs/mounting.md has each option of upgrades to WebSocket", () => {
  const [, section = ""] = /^## WebSocket\n(.*?)^## /ms.exec(read("docs/mounting.md")) ?? [];
  for (const [name, option] of Object.entries(UPGRADE_OPTIONS)) {
    assert.ok(section.includes(`\`${name}\``), name);
    if (option.default !== undefined) assert.ok(section.includes(option.default.toLocaleString("en")), name);
  }
});

test("each flag sets an option of its own, and only functions and a few options have no flag", () => {
  const paths = Object.values(FLAGS).flatMap(({ sets }) => sets?.path ?? []);
  assert.equal(new Set(paths).size, paths.length);
  // Functions are for apps.
  const FUNCTIONS = ["interceptors", "metadata", "observers", "onError"];
  const isFunction = (path: string): boolean => FUNCTIONS.includes(path) || path.startsWith("responses.");
  const withoutFlag = optionsWithoutFlag().map(({ path }) => path);
  assert.deepEqual(
    withoutFlag.filter((path) => !isFunction(path)),
    ["limits.streamBuffer", "timeouts.body", "streams.eventSource"],
  );
});
