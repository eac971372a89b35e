import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { httpStatusOf, Status } from "../../runtime/core/errors/status.js";
import { CLOSE_GRACE } from "../../runtime/core/gateway/close-grace.js";
import { FRAMINGS } from "../../runtime/core/http/route/requested-framing.js";
import { pathsOf } from "../../runtime/core/options/option-group.js";
import { GRPC_TRANSPORT_OPTIONS } from "../../runtime/core/transport/transport-options.js";
import { UNLIMITED_RPCS } from "../../runtime/etcd/api/rpc-lists.js";
import { ETCD_GATEWAY_OPTIONS } from "../../runtime/etcd/options/etcd-gateway-settings.js";
import { ETCD_PROBES_OPTIONS } from "../../runtime/etcd/probes/etcd-probes.js";
import { TYPESCRIPTS } from "../packages/project/tools.js";
import { measured } from "./tables/figures.js";

const MIB = 1024 * 1024;

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

const { engines, peerDependencies } = JSON.parse(read("package.json"));
const defaults = new Map(pathsOf(ETCD_GATEWAY_OPTIONS).map(({ path, option }) => [path, option.default]));

/** A default as people write it, with the unit that the page has. */
function written(path: string, unit: string): string {
  const value: unknown = defaults.get(path);
  assert.ok(typeof value === "number", path);
  const inUnit = { MiB: value / MIB, s: value / 1000 }[unit];
  return inUnit === undefined ? value.toLocaleString("en") : `${inUnit} ${unit}`;
}

/** A number that a source file has as a constant, or as a member of an object: digits, or a product of numbers. */
function constant(file: string, name: string): number {
  const [, product] =
    new RegExp(`(?:const ${name}(?:: number)? =|\\b${name}:) ([\\d_ *]+)n?[;, ]`).exec(read(file)) ?? [];
  assert.ok(product !== undefined, `${file} has no number ${name}`);
  return product.split("*").reduce((value, digits) => value * Number(digits.replaceAll("_", "")), 1);
}

/** A figure of docs/performance.md as a number. */
function figure(table: string, row: string, column: string): number {
  return Number.parseFloat(measured({ table, column }, row).replaceAll(",", ""));
}

const CHANNELS = ["lean", "grpc-js"];

function assertFacts(facts: readonly (readonly [page: string, text: string])[]): void {
  for (const [page, text] of facts) {
    assert.ok(read(page).replaceAll(/\n */g, " ").includes(text), `${page} does not say: ${text}`);
  }
}

describe("facts in the documentation", () => {
  it("docs/http.md, docs/observability.md and the API description have the framings of streams", () => {
    const types = FRAMINGS.map(({ contentType }) => contentType);
    const [, after = ""] = read("docs/http.md").split("| `Accept` | a message |");
    const rows = (after.split("\n\n")[0] ?? "").matchAll(/^\| `([^`]+)`/gm);
    assert.deepEqual(
      [...rows].map(([, type]) => type),
      types,
    );
    const [, names = ""] = /\| `framing` \| (.*) \|/.exec(read("docs/observability.md")) ?? [];
    for (const { name } of FRAMINGS) assert.ok(names.includes(`\`${name}\``), name);
    const { paths } = JSON.parse(read("generated/openapi.json"));
    assert.deepEqual(Object.keys(paths["/watch"].post.responses["200"].content), types);
  });

  it("docs/http.md has the HTTP status of every gRPC code", () => {
    const rows = [...read("docs/http.md").matchAll(/(\d+) ([A-Z_]+) \| (\d+) \|/g)];
    const shown = rows.map(([, code, name, status]) => [Number(code), name, Number(status)]);
    const codes = Object.entries(Status).filter(([name]) => name !== "OK");
    const inOrder = shown.sort(([a = 0], [b = 0]) => Number(a) - Number(b));
    assert.deepEqual(
      inOrder,
      codes.map(([name, code]) => [code, name, httpStatusOf(code)]),
    );
  });

  it("docs/production.md has the defaults of the limits that it names", () => {
    const rows = [...read("docs/production.md").matchAll(/^\| `(\w+\.\w+)` \| ([\d,]+)(?: (\w+))? \|/gm)];
    assert.ok(rows.length >= 6);
    for (const [, path = "", number = "", unit = ""] of rows) {
      assert.equal(unit === "" ? number : `${number} ${unit}`, written(path, unit), path);
    }
  });

  it("the versions that are supported", () => {
    const node = String(engines.node).match(/\d+/g) ?? [];
    const listed = `${node.slice(0, -1).join(", ")}`;
    for (const page of ["README.md", "docs/faq.md"])
      assert.match(read(page), new RegExp(`Node\\.js ${listed} (or|and) ${node.at(-1)}`));
    const typescripts = `TypeScript ${TYPESCRIPTS.slice(0, -1).join(", ")} and ${TYPESCRIPTS.at(-1)}`;
    assert.ok(read("docs/faq.md").replaceAll("\n", " ").includes(typescripts), typescripts);
    assert.ok(read("docs/frameworks.md").replaceAll("\n", " ").includes(typescripts), typescripts);
    assert.equal(peerDependencies.express, "^4.21.0 || ^5.0.0");
    assert.match(read("docs/faq.md"), /Express 4\.21 and later, and 5/);
  });

  it("defaults in running text", () => {
    const grace = CLOSE_GRACE.default ?? 0;
    const keepAlive = constant("runtime/core/http/connection/long-connection.ts", "KEEP_ALIVE") / 1000;
    const idle = constant("runtime/core/server/http-server.ts", "keepAliveTimeout") / 1000;
    const { streamsPerConnection } = GRPC_TRANSPORT_OPTIONS;
    assertFacts([
      ["docs/http.md", `nothing for ${written("timeouts.stall", "s")}, although data waits`],
      ["docs/http.md", `${written("timeouts.body", "s")} by default (\`timeouts.body\`)`],
      ["docs/http.md", `After ${written("streams.heartbeatInterval", "s")} without a message`],
      ["docs/faq.md", `(options.md#etcdgateway), ${written("limits.maxBody", "MiB")} by default`],
      ["docs/errors.md", `(${written("limits.maxBody", "MiB")})`],
      ["docs/production.md", `a heartbeat every ${written("streams.heartbeatInterval", "s")}`],
      ["docs/production.md", `grace period: ${grace / 1000} s by default`],
      ["docs/production.md", `${idle} s with \`createHttpServer\` and the command`],
      ["docs/mounting.md", `the grace period: ${grace.toLocaleString("en")} ms`],
      ["runtime/core/gateway/gateway.ts", `in milliseconds; ${grace.toLocaleString("en")} by default`],
      ["runtime/core/server/close-server.ts", `in milliseconds; ${grace.toLocaleString("en")} by`],
      ["docs/mounting.md", `(${ETCD_PROBES_OPTIONS.timeout.default?.toLocaleString("en")} ms by default)`],
      ["docs/mounting.md", `checks every ${keepAlive} s that the client`],
      ["docs/failures.md", `carries ${streamsPerConnection.default} streams`],
    ]);
  });

  it("limits and times that are constants of the code", () => {
    const workers = "runtime/etcd/command/workers";
    const seconds = (file: string, name: string) => constant(file, name) / 1000;
    const kibibytes = (file: string, name: string) => constant(file, name) / 1024;
    const query = "runtime/core/transcode/url/query-string.ts";
    const search = "runtime/explorer/page/keys/search/search.ts";
    const headers = kibibytes("runtime/core/transport/lean/lean-connection.ts", "MAX_HEADER_LIST");
    assertFacts([
      [
        "docs/command.md",
        `checks the files every ${seconds("runtime/etcd/command/reload/file-watch.ts", "LOOK_AGAIN")} sec`,
      ],
      ["docs/command.md", `dies within ${seconds(`${workers}/worker-slot.ts`, "STABLE_WORKER")} seconds`],
      [
        "docs/command.md",
        `for ${seconds(`${workers}/worker-slot.ts`, "first")} to ${seconds(`${workers}/worker-slot.ts`, "most")} sec`,
      ],
      ["docs/command.md", `respond within ${seconds(`${workers}/metrics-messages.ts`, "SNAPSHOT_TIMEOUT")} seconds`],
      ["docs/http.md", `While ${constant("runtime/core/http/connection/turn.ts", "MOST_WAITING")} requests`],
      ["docs/http.md", `reconnects ${seconds("runtime/core/session/server-sent-events.ts", "RETRY")} s after`],
      ["docs/http.md", `longer than ${kibibytes(query, "LONGEST_QUERY")} KiB`],
      [
        "docs/http.md",
        `response of ${constant("runtime/core/http/unary-exchange.ts", "SLICED_FROM") / MIB} MiB or more`,
      ],
      ["docs/http-rules.md", `A query of more than ${kibibytes(query, "LONGEST_QUERY")} KiB`],
      ["docs/http-rules.md", `more than ${constant(query, "MOST_PARAMETERS").toLocaleString("en")} parameters`],
      ["docs/channels.md", `trailers have more than ${headers} KiB`],
      ["docs/explorer.md", `stops at ${constant(search, "MOST_FOUND").toLocaleString("en")} results`],
      ["docs/explorer.md", `after ${constant(search, "MOST_BYTES") / MIB} MiB`],
      [
        "docs/options.md",
        `Requests of which up to ${kibibytes("runtime/core/session/limit/incomplete-requests.ts", "SMALL_REQUEST")} KiB`,
      ],
      [
        "docs/options.md",
        `messages of ${kibibytes("runtime/core/transport/endpoints/attempt.ts", "ANNOUNCED_FROM")} KiB and more`,
      ],
      [
        "docs/http-client.md",
        `at most ${constant("runtime/client/websocket/socket-call.ts", "SEND_BUFFER") / MIB} MiB is queued`,
      ],
    ]);
  });

  it("the calls without a time limit", () => {
    const rpcs = UNLIMITED_RPCS.map((name) => name.split(".").at(-1));
    assert.deepEqual(rpcs, ["Lock", "Campaign", "Defragment", "Compact"]);
    assertFacts([
      ["docs/production.md", "Lock, campaign, defragment, compaction and streams have no time limit"],
      ["docs/mounting.md", "Lock, campaign, defragment, compaction and streams have no limit"],
      [
        "docs/options.md",
        "Calls that wait for other clients or for the disk have none: lock, campaign, defragment and compaction",
      ],
    ]);
  });

  it("times of docs/failures.md and docs/access.md that are constants of the code", () => {
    const silence = "runtime/core/transport/endpoints/silence.ts";
    const sweep = constant(silence, "SWEEP_INTERVAL");
    assert.equal(sweep * constant(silence, "ASK_AFTER"), 500);
    assert.equal(sweep * constant(silence, "SUSPECT_AFTER"), 1000);
    const { interval, timeout } = Object.fromEntries(
      pathsOf(GRPC_TRANSPORT_OPTIONS).map(({ path, option }) => [
        path.replace("keepalive.", ""),
        Number(option.default),
      ]),
    );
    assert.ok(interval !== undefined && timeout !== undefined);
    assert.equal(constant("runtime/core/session/limit/delayed-rejection.ts", "DELAY"), 500);
    assert.equal(constant("runtime/core/session/limit/crowd.ts", "PATIENCE"), 500);
    assert.equal(constant("runtime/etcd/access/user-session.ts", "FRESH"), 1000);
    assertFacts([
      ["docs/failures.md", "Calls have waited for half a second"],
      ["docs/failures.md", "The member has been silent for a second"],
      ["docs/failures.md", `takes ${timeout / 1000} more seconds`],
      ["docs/failures.md", `up to ${(interval + timeout) / 1000} seconds`],
      ["docs/failures.md", `pings every ${interval / 1000} seconds`],
      ["docs/failures.md", `If ${constant("runtime/core/session/limit/crowd.ts", "CROWD")} unary requests or more`],
      ["docs/options.md", `If ${constant("runtime/core/session/limit/crowd.ts", "CROWD")} requests or more have kept`],
      ["docs/failures.md", "for 0.5 s"],
      ["docs/access.md", "a token that is at most a second old"],
      ["docs/access.md", `a lease of ${constant("runtime/etcd/access/leased-unary.ts", "TTL")} seconds`],
    ]);
  });

  it("the README has the size of the HTTP client that docs/http-client.md has, which a test compares with its bundle", () => {
    const [, size] = /KV\s+and\s+Watch\s+take\s+(\d+)\s+kB/.exec(read("docs/http-client.md")) ?? [];
    assertFacts([["README.md", `(docs/http-client.md) is ${size} kB`]]);
  });

  it("figures in running text are those of docs/performance.md", () => {
    const wait = (fault: string) =>
      CHANNELS.map((channel) => {
        const table = `**One of three members is ${fault}: the longest time without a response**`;
        return figure(table, `etcd-gateway over ${channel}`, "the worst reader") / 1000;
      });
    const command = (channel: string) => `etcd-gateway, the command, ${channel}`;
    const watches = CHANNELS.map((channel) => figure("**Memory, KiB each**", command(channel), "idle watch"));
    const stalled = CHANNELS.map((channel) => figure("## A reader that stalls", command(channel), "more after it"));
    const faster = [16, 64].map((connections) => {
      const rate = (server: string) =>
        figure(
          `**Range of one key of 256 B, ${connections} connections**`,
          `in an Express 5 app, ${server}, lean`,
          "req/s",
        );
      return rate("createHttpServer") / rate("app.listen");
    });
    assertFacts([
      ["docs/failures.md", `${Math.max(...wait("stopped"), ...wait("blackholed")).toFixed(1)} s;`],
      [
        "docs/failures.md",
        `${Math.max(...wait("delayed by 200 ms")).toFixed(1)} s if the network delays all bytes by 200 ms`,
      ],
      ["docs/mounting.md", `up to ${Math.max(...faster).toFixed(1)} times as many requests`],
      ["docs/production.md", `${Math.min(...watches).toFixed(0)} to ${Math.max(...watches).toFixed(0)} KiB`],
      ["docs/production.md", `up to ${Math.round(Math.max(...stalled) / 100) * 100} MiB`],
    ]);
  });
});
