import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseOptions } from "../../generator/plugin/plugin-options.js";
import { Diagnostics, formatDiagnostic } from "../../generator/plugin/read/diagnostics.js";
import { snippets } from "./run/snippets.js";

const PAGE = "docs/generate.md";

function example(file: string): string {
  return readFileSync(new URL(`../../examples/bookstore/${file}`, import.meta.url), "utf8");
}

describe("the documentation of generating for another API", () => {
  it("shows the example's files as they are", () => {
    const [modules, template = ""] = snippets(PAGE, "yaml");
    assert.equal(modules, example("buf.yaml"));
    // The example's server is in TypeScript, so that it has ts-proto's services, and more options.
    const options = template.split("\n").filter((line) => /^ {6}- \S+=/.test(line) && !line.includes("outputServices"));
    assert.ok(options.length > 10);
    for (const line of options) assert.ok(example("buf.gen.yaml").includes(`${line}\n`), line);
    assert.deepEqual(snippets(PAGE, "ts"), [example("src/app.ts")]);
  });

  it("shows RPCs of the example", () => {
    const [shown = ""] = snippets(PAGE, "proto");
    const rpcs = shown.replace(/^(?=.)/gm, "  ").split("\n\n");
    assert.equal(rpcs.length, 2);
    const proto = example("proto/bookstore/v1/bookstore.proto");
    for (const rpc of rpcs) assert.ok(proto.includes(rpc), rpc);
  });

  it("installs what the example depends on", () => {
    const lines = snippets(PAGE, "sh").flatMap((block) => block.split("\n"));
    const installed = lines
      .filter((line) => line.startsWith("npm install "))
      .flatMap((line) =>
        line
          .split(" ")
          .slice(2)
          .filter((word) => !word.startsWith("--")),
      );
    const { dependencies, devDependencies } = JSON.parse(example("package.json"));
    const optional = /^(@types\/|tsx$|typescript$)/;
    const needed = [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter(
      (name) => !optional.test(name),
    );
    assert.deepEqual(installed.sort(), needed.sort());
  });

  it("has a line for each option of the plugin, with its values and default", () => {
    const page = readFileSync(new URL(`../../${PAGE}`, import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)` \|([^|]+)\|([^|]*)\|/gm)];
    const documented = rows.map(([, option = ""]) => option);
    const diagnostics = new Diagnostics();
    parseOptions("none_such=1", diagnostics);
    const [error = ""] = diagnostics.errors.map(formatDiagnostic);
    assert.deepEqual(
      documented,
      [...error.matchAll(/(\w+)=\(/g)].map(([, option]) => option),
    );

    for (const [, option = "", values = "", byDefault = ""] of rows) {
      const [unset] = [...byDefault.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
      if (unset !== undefined) assert.deepEqual(parse(`${option}=${unset}`), parse(""), option);
      for (const [, value = ""] of values.matchAll(/`(\w+)`/g)) assert.doesNotThrow(() => parse(`${option}=${value}`));
    }
  });
});

function parse(parameter: string): unknown {
  const diagnostics = new Diagnostics();
  const options = parseOptions(parameter, diagnostics);
  assert.deepEqual(diagnostics.errors, []);
  return options;
}
