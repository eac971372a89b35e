import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, test } from "node:test";
import { CALL_TIMEOUTS } from "../../runtime/core/call/call-options.js";
import { GATEWAY_OPTIONS } from "../../runtime/core/gateway/gateway-settings.js";
import { Option } from "../../runtime/core/options/option.js";
import { pathsOf } from "../../runtime/core/options/option-group.js";
import { GRPC_TRANSPORT_OPTIONS } from "../../runtime/core/transport/transport-options.js";
import { UPGRADE_OPTIONS } from "../../runtime/core/websocket/upgrade-options.js";
import { FLAGS } from "../../runtime/etcd/command/flags/flag-table.js";
import { ETCD_GATEWAY_OPTIONS } from "../../runtime/etcd/options/etcd-gateway-settings.js";
import { optionsWithoutFlag, pagesWithOptions } from "./tables/option-tables.js";

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

for (const { file, text, expected } of pagesWithOptions()) {
  test(`${file} has the options that there are; if not, npm run options:docs writes them`, () => {
    assert.equal(text, expected);
  });
}

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

/** The members of an interface, with the values of their `@defaultValue`. */
function membersOf(file: string, name: string): readonly (readonly [member: string, byDefault: string | undefined])[] {
  const [, body] = new RegExp(`^export interface ${name}\\b[^]*?\\{\n([^]*?)^\\}`, "m").exec(read(file)) ?? [];
  assert.ok(body !== undefined, name);
  const members = [...body.matchAll(/\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n {2}readonly (\w+)\??:/g)];
  return members.map(([, comment = "", member = ""]) => [member, /@defaultValue (.*)/.exec(comment)?.[1]?.trim()]);
}

/** The options of a table's group. */
function groupOf(table: object, name: string): object {
  const prefix = `${name}.`;
  const members = pathsOf(table).filter(({ path }) => path.startsWith(prefix));
  return Object.fromEntries(members.map(({ path, option }) => [path.slice(prefix.length), option]));
}

describe("what editors show of an option's default is its default", () => {
  const core = "runtime/core/gateway/gateway-options.ts";
  const transport = "runtime/core/transport/transport-options.ts";
  const etcd = "runtime/etcd/options/etcd-gateway-options.ts";
  const INTERFACES: readonly (readonly [file: string, name: string, table: object])[] = [
    [core, "GatewayOptions", GATEWAY_OPTIONS],
    [core, "GatewayAccess", groupOf(GATEWAY_OPTIONS, "access")],
    [core, "GatewayLimits", groupOf(GATEWAY_OPTIONS, "limits")],
    [core, "GatewayTimeouts", groupOf(GATEWAY_OPTIONS, "timeouts")],
    [core, "GatewayStreams", groupOf(GATEWAY_OPTIONS, "streams")],
    ["runtime/core/call/call-options.ts", "CallTimeouts", CALL_TIMEOUTS],
    ["runtime/core/websocket/upgrade-options.ts", "UpgradeOptions", UPGRADE_OPTIONS],
    [transport, "GrpcTransportOptions", GRPC_TRANSPORT_OPTIONS],
    [transport, "KeepaliveOptions", groupOf(GRPC_TRANSPORT_OPTIONS, "keepalive")],
    [etcd, "EtcdGatewayOptions", ETCD_GATEWAY_OPTIONS],
    [etcd, "EtcdAccess", groupOf(ETCD_GATEWAY_OPTIONS, "access")],
    [etcd, "EtcdJson", groupOf(ETCD_GATEWAY_OPTIONS, "json")],
    [etcd, "EtcdLimits", groupOf(ETCD_GATEWAY_OPTIONS, "limits")],
    [etcd, "EtcdTimeouts", groupOf(ETCD_GATEWAY_OPTIONS, "timeouts")],
    [etcd, "EtcdStreams", groupOf(ETCD_GATEWAY_OPTIONS, "streams")],
  ];
  for (const [file, name, table] of INTERFACES) {
    it(name, () => {
      const options = new Map(Object.entries(table));
      for (const [member, byDefault] of membersOf(file, name)) {
        const option: unknown = options.get(member);
        assert.ok(option instanceof Option, member);
        if (member === "interceptors") continue;
        assert.equal(byDefault, option.default === undefined ? undefined : JSON.stringify(option.default), member);
      }
    });
  }
});
