import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PAGE, pageWithDifferences } from "./difference-list.js";

test("docs/parity.md lists the differences that the tests know; if not, npm run parity:docs writes them", () => {
  assert.equal(readFileSync(PAGE, "utf8"), pageWithDifferences());
});
