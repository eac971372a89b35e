import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  array,
  type Expression,
  object,
  print,
  string,
} from "../../../../../generator/plugin/emit/source/expression.js";

const lines = (expression: Expression, indent = 0): readonly string[] =>
  print(expression, indent, indent, 1).split("\n");

describe("an expression", () => {
  it("stays on one line if it fits", () => {
    assert.deepEqual(lines(object({ a: "1", b: array(["2", "3"]), c: object({}), d: array([]) })), [
      "{ a: 1, b: [2, 3], c: {}, d: [] }",
    ]);
  });

  it("fills a line up to 120 columns, what follows included", () => {
    const element = string("x".repeat(114));
    assert.deepEqual(lines(array([element])), [`[${element}]`]);
    assert.deepEqual(lines(array([string("x".repeat(116))])), ["[", `  "${"x".repeat(116)}",`, "]"]);
    assert.equal(print(array([string("x".repeat(115))]), 0, 0, 1).split("\n").length, 1);
    assert.equal(print(array([string("x".repeat(115))]), 0, 1, 1).split("\n").length, 3);
  });

  it("is broken from the outside in", () => {
    const wide = string("x".repeat(50));
    assert.deepEqual(lines(object({ a: array([wide, wide]), b: "1" }), 2), [
      "{",
      `    a: [${wide}, ${wide}],`,
      "    b: 1,",
      "  }",
    ]);
  });

  it("breaks where it is told to, and all around it", () => {
    assert.deepEqual(lines(object({ a: object({ b: "1" }, { expanded: true }) })), [
      "{",
      "  a: {",
      "    b: 1,",
      "  },",
      "}",
    ]);
  });

  it("gives each entry of a matrix a line", () => {
    const row = object({ a: "1", b: "2" });
    assert.deepEqual(lines(array([row, row])), ["[", "  { a: 1, b: 2 },", "  { a: 1, b: 2 },", "]"]);
    assert.deepEqual(lines(array([row])), ["[{ a: 1, b: 2 }]"]);
    assert.deepEqual(lines(array([object({ a: "1" }), object({ a: "1" })])), ["[{ a: 1 }, { a: 1 }]"]);
    assert.deepEqual(lines(array([row, "x"])), ["[{ a: 1, b: 2 }, x]"]);
  });

  it("puts doc comments above properties", () => {
    const properties = [{ name: "a", value: "1", doc: "One." }];
    assert.deepEqual(lines({ kind: "object", properties, expanded: false }), ["{", "  /** One. */", "  a: 1,", "}"]);
  });

  it("quotes only what has to be quoted", () => {
    assert.deepEqual(lines(object({ ok_1: "1", "not-ok": "2", "1st": "3", delete: "4" })), [
      '{ ok_1: 1, "not-ok": 2, "1st": 3, delete: 4 }',
    ]);
  });
});

describe("a string", () => {
  it("is in the quotes that need fewer escapes", () => {
    assert.equal(string("a"), '"a"');
    assert.equal(string('a"b'), "'a\"b'");
    assert.equal(string("a'b"), `"a'b"`);
    assert.equal(string(`a"'b`), `"a\\"'b"`);
    assert.equal(string(`a""'b`), `'a""\\'b'`);
    assert.equal(string("\\\n"), '"\\\\\\n"');
  });
});
