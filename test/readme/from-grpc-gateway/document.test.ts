import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { GENERATING } from "./generating.js";
import { JSON_FORMS } from "./json-forms.js";
import type { Rows } from "./rows.js";
import { RULES } from "./rules.js";
import { SERVING } from "./serving.js";

const DOCUMENT = new URL("../../../docs/from-grpc-gateway.md", import.meta.url);

const ROWS: Rows = { ...GENERATING, ...RULES, ...JSON_FORMS, ...SERVING };

describe("docs/from-grpc-gateway.md", () => {
  const cells = [...readFileSync(DOCUMENT, "utf8").matchAll(/^\| (.*?) \|/gm)].map(([, cell = ""]) => cell);

  it("has the rows that are tried here", () => {
    const rows = cells.filter((cell) => cell !== "grpc-gateway");
    assert.deepEqual(rows, Object.keys(ROWS));
  });

  for (const [row, attempt] of Object.entries(ROWS)) it(row, attempt);
});
