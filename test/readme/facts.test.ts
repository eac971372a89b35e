import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { httpStatusOf, Status } from "../../runtime/core/errors/status.js";
import { pathsOf } from "../../runtime/core/options/option-group.js";
import { ETCD_GATEWAY_OPTIONS } from "../../runtime/etcd/options/etcd-gateway-settings.js";
import { TYPESCRIPTS } from "../packages/project/tools.js";

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

describe("facts in the documentation", () => {
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
    assert.equal(peerDependencies.express, "^4.21.0 || ^5.0.0");
    assert.match(read("docs/faq.md"), /Express 4\.21 and later, and 5/);
  });

  it("numbers in running text", () => {
    const facts: readonly (readonly [page: string, text: string])[] = [
      ["docs/http.md", `nothing for ${written("timeouts.stall", "s")}, although data waits`],
      ["docs/http.md", `${written("timeouts.body", "s")} by default (\`timeouts.body\`)`],
      ["docs/http.md", `After ${written("streams.heartbeatInterval", "s")} without a message`],
      ["docs/faq.md", `(options.md#etcdgateway), ${written("limits.maxBody", "MiB")} by default`],
      ["docs/errors.md", `(${written("limits.maxBody", "MiB")})`],
    ];
    for (const [page, text] of facts) assert.ok(read(page).replaceAll(/\n */g, " ").includes(text), `${page}: ${text}`);
  });
});
