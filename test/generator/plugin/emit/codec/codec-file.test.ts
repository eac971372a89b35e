import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compile } from "../../compile.js";
import { assertGolden } from "../../golden.js";

const FOLDER = new URL("golden/", import.meta.url);

test("the codecs of a file read as a person would write them", async () => {
  const { file } = await compile({ "garden.proto": readFileSync(new URL("garden.proto", FOLDER), "utf8") });
  assertGolden(file("garden.codec.ts"), new URL("garden.codec.ts", FOLDER));
});
