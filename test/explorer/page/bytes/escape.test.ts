import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { binaryOf, toBinary } from "../../../../runtime/explorer/page/bytes/binary.js";
import { escapeBytes, unescapeText } from "../../../../runtime/explorer/page/bytes/escape.js";

describe("escaped bytes", () => {
  const cases: readonly (readonly [binary: string, text: string])[] = [
    ["config/a b", "config/a b"],
    [binaryOf("Grüße 🎈"), "Grüße 🎈"],
    ["a\\b", "a\\\\b"],
    ["\0\n\r\t\x7f", "\\x00\\n\\r\\t\\x7F"],
    ["\xff\xc3", "\\xFF\\xC3"],
    // Turns what follows around; looks like a space; a surrogate alone, which is no UTF-8.
    [binaryOf("\u202e\u00a0"), "\\xE2\\x80\\xAE\\xC2\\xA0"],
    ["\xed\xa0\x80", "\\xED\\xA0\\x80"],
    // A slash in two bytes is no UTF-8.
    ["\xc0\xaf", "\\xC0\\xAF"],
  ];
  for (const [binary, text] of cases) {
    it(`${JSON.stringify(binary)} are ${text}`, () => {
      assert.equal(escapeBytes(binary), text);
      assert.equal(unescapeText(text), binary);
    });
  }

  it("come back as they were, and show nothing unseen", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }).map(binaryOf),
      fc.uint8Array({ maxLength: 8 }).map(toBinary),
      fc.constantFrom("\\", "\\x", "\n"),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const binary = parts.join("");
        const text = escapeBytes(binary);
        assert.equal(unescapeText(text), binary);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  for (const text of ["a\\", "\\q", "\\xF", "\\xGG"]) {
    it(`${text} cannot be read`, () => {
      assert.throws(() => unescapeText(text), {
        name: "SyntaxError",
        message: /^write \\\\ for a backslash, or \\xFF for a byte: character \d$/,
      });
    });
  }
});
