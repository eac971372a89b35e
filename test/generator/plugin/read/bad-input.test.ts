import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compile } from "../compile.js";
import { assertGolden } from "../golden.js";

const CASES = new URL("bad-input/", import.meta.url);

describe("a proto file with mistakes", () => {
  for (const name of readdirSync(CASES)) {
    it(name, async () => {
      const folder = new URL(`${name}/`, CASES);
      const input = readFileSync(new URL("input.proto", folder), "utf8");
      const { errors, warnings, files } = await compile({ "input.proto": input });
      assertGolden([...errors, ...warnings].map((line) => `${line}\n`).join(""), new URL("golden.txt", folder));
      assert.equal(files.length === 0, errors.length > 0, "files are written if and only if there are no errors");
    });
  }
});
