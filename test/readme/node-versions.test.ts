import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const numbers = (text: string): string[] => [...text.matchAll(/\d+/g)].map(([number]) => number);

it("packages, README and the tests of all versions say the same of which Node.js is needed", () => {
  const { engines, scripts } = JSON.parse(read("package.json"));
  const majors = numbers(engines.node);
  assert.deepEqual(majors, ["20", "22", "24", "26"]);
  for (const folder of ["runtime/core", "runtime/client", "runtime/explorer", "generator/plugin"]) {
    assert.deepEqual(JSON.parse(read(`${folder}/package.json`)).engines, engines, folder);
  }
  const [, tested = ""] = /^const supported = \[(.*)\];$/m.exec(read("test/matrix.ts")) ?? [];
  assert.deepEqual(numbers(tested), majors);
  const told = [...read("README.md").matchAll(/Node(?:\.js)?((?: \d+,)+ \d+ (?:or|and) \d+)/g)];
  assert.ok(told.length >= 1);
  for (const [, list = ""] of told) assert.deepEqual(numbers(list), majors);
  assert.match(scripts.bundle, /--target=node20 /, "the command is for the oldest of them");
});

it("this is one of them", () => {
  const [major] = process.versions.node.split(".");
  assert.match(major ?? "", /^(20|22|24|2[6-9]|[3-9]\d)$/);
});
