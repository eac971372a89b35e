import assert from "node:assert/strict";
import { it } from "node:test";
import { lineSeparatorOf } from "../../../../runtime/explorer/page/editor/line-separator.js";

for (const [text, separator] of [
  ["", "\n"],
  ["a\nb", "\n"],
  ["a\r\nb\r\n", "\r\n"],
  ["a\r\nb\n", "\n"],
  ["a\r\nb\rc\r\n", "\n"],
  ["a\rb", "\n"],
  ["\n\r\n", "\n"],
] as const) {
  it(`the lines of ${JSON.stringify(text)} end with ${JSON.stringify(separator)}`, () => {
    assert.equal(lineSeparatorOf(text), separator);
  });
}
