import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { it } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/architecture.md", ROOT), "utf8");

it("docs/architecture.md names no file or folder that is not there", () => {
  const paths = [
    ...page.matchAll(/`((?:runtime|generator|generated|proto|test|examples|docs)\/[\w./-]*|[\w.]+\.(?:json|yaml))`/g),
  ].map(([, path = ""]) => path);
  assert.ok(paths.length > 40);
  assert.deepEqual(
    paths.filter((path) => !existsSync(new URL(path, ROOT))),
    [],
  );
});

it("docs/architecture.md names constants and types that the named files have", () => {
  const named = [...page.matchAll(/`(\w+)` in `([\w./-]+\.ts)`/g)];
  assert.ok(named.length > 1);
  for (const [, name = "", file = ""] of named) {
    assert.match(readFileSync(new URL(file, ROOT), "utf8"), new RegExp(`^export (const|type) ${name}\\b`, "m"), file);
  }
});

it("comments and messages of the code name no file that is not there", () => {
  const wrong = ["generator", "runtime"].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file))
      .flatMap((file) => {
        const text = readFileSync(new URL(`${folder}/${file}`, ROOT), "utf8");
        const named =
          text.match(
            /\b(?:runtime|generator|generated|proto|test|examples|docs)\/[\w./-]*\.(?:tsx?|md|json|proto)\b/g,
          ) ?? [];
        return named.filter((path) => !existsSync(new URL(path, ROOT))).map((path) => `${folder}/${file}: ${path}`);
      }),
  );
  assert.deepEqual(wrong, []);
});

it("docs/architecture.md has the layers that are checked, in their order", () => {
  const rules = readFileSync(new URL(".dependency-cruiser.mjs", ROOT), "utf8");
  const [, layers = ""] = /^const LAYERS = \[(.*?)\];$/ms.exec(rules) ?? [];
  const [, picture = ""] = /^## The layers of the runtime$.*?^```\n(.*?)^```$/ms.exec(page) ?? [];
  const checked = [...layers.matchAll(/"(\w+)"/g)].map(([, layer]) => layer);
  assert.deepEqual(
    [...picture.matchAll(/^(\w+) /gm)].map(([, layer]) => layer),
    checked,
  );
  const folders = readdirSync(new URL("runtime/core/", ROOT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["codegen", "dist", "node_modules"].includes(entry.name))
    .map(({ name }) => name);
  assert.deepEqual(folders.sort(), checked.toSorted());
});
