import { strict as assert } from "node:assert";
import { suite, test } from "node:test";
import fc from "fast-check";
import { position, tokenize } from "../../../../generator/proto-update/rewrite/proto-tokens.js";

const tokensOf = (text: string): string[] =>
  tokenize(text, "x.proto").map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

suite("tokens of a proto file", () => {
  test("words, strings, symbols and comments", () => {
    assert.deepEqual(tokensOf(`option (a.b)="x\\"];" 'it"s' ; // c "\n/* " */}`), [
      "word option",
      "symbol (",
      "word a",
      "symbol .",
      "word b",
      "symbol )",
      "symbol =",
      'string "x\\"];"',
      "string 'it\"s'",
      "symbol ;",
      'line-comment // c "',
      'block-comment /* " */',
      "symbol }",
    ]);
  });

  test("a comment ends where it ends", () => {
    assert.deepEqual(tokensOf("a // b /* c\r\n/**/ d /* // */ e"), [
      "word a",
      "line-comment // b /* c",
      "block-comment /**/",
      "word d",
      "block-comment /* // */",
      "word e",
    ]);
    assert.deepEqual(tokensOf("a / b // c"), ["word a", "symbol /", "word b", "line-comment // c"]);
  });

  test("a byte order mark and characters beyond ASCII", () => {
    assert.deepEqual(tokensOf('\uFEFFa = "ü€😀"; // é'), [
      "word a",
      "symbol =",
      'string "ü€😀"',
      "symbol ;",
      "line-comment // é",
    ]);
  });

  test("says where a string or a comment does not end", () => {
    assert.throws(
      () => tokenize('a\n b = "c\n";', "dir/x.proto"),
      /^UpdateError: dir\/x\.proto:2:6: unterminated string/,
    );
    assert.throws(() => tokenize("a\n\n/* b", "x.proto"), /^UpdateError: x\.proto:3:1: unterminated comment/);
  });

  test("positions count from 1", () => {
    assert.equal(position("a\nbc", 0, "f"), "f:1:1");
    assert.equal(position("a\nbc", 3, "f"), "f:2:2");
  });

  test("nothing but white space lies between tokens", () => {
    const pieces = fc.constantFrom(
      "a",
      "1.5e-3",
      '"s\\\\"',
      "'\\''",
      "// c\n",
      "/* b\n */",
      "{",
      "}",
      "[",
      ";",
      " ",
      "\r\n",
      "\t",
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join("");
        let at = 0;
        for (const token of tokenize(text, "x.proto")) {
          assert.match(text.slice(at, token.start), /^\s*$/);
          assert(token.end > token.start);
          at = token.end;
        }
        assert.match(text.slice(at), /^\s*$/);
      }),
    );
  });
});
