import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { docComment } from "../../../../../generator/plugin/emit/source/doc-comment.js";

describe("a doc comment", () => {
  it("is one line if it fits", () => {
    assert.equal(docComment("One.", 2), "  /** One. */");
    assert.equal(docComment("x".repeat(113), 0), `/** ${"x".repeat(113)} */`);
    assert.equal(docComment("x".repeat(114), 0), `/**\n * ${"x".repeat(114)}\n */`);
  });

  it("keeps lines, and leaves no space behind them", () => {
    assert.equal(docComment("One.\n\n  two", 2), "  /**\n   * One.\n   *\n   *   two\n   */");
  });

  it("breaks what is too long between words", () => {
    const text = "word ".repeat(40).trim();
    const broken = docComment(text, 0).split("\n");
    assert.equal(broken.length, 4);
    assert.ok(broken.every((line) => line.length <= 120));
    assert.equal(
      broken
        .slice(1, -1)
        .map((line) => line.slice(3))
        .join(" "),
      text,
    );
  });

  it("cannot be ended from within", () => {
    assert.equal(docComment("a */ b", 0), "/** a *\\/ b */");
  });
});
