import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Compares a text with the golden file at a URL. With `UPDATE_GOLDEN=1` in the environment it writes the file instead:
 * read the difference before you commit it.
 */
export function assertGolden(actual: string, golden: URL): void {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, actual);
  assert.equal(
    actual,
    readFileSync(golden, "utf8"),
    `differs from ${golden.pathname}: if it should, set UPDATE_GOLDEN=1`,
  );
}
