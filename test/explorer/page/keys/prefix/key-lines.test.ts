import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { toBinary } from "../../../../../runtime/explorer/page/bytes/binary.js";
import { readKeyLines, writeKeyLine } from "../../../../../runtime/explorer/page/keys/prefix/key-lines.js";

describe("keys as lines of JSON", () => {
  it("are texts, and base64 where they are not UTF-8", () => {
    assert.equal(writeKeyLine({ key: "a", value: new TextEncoder().encode("ü\n") }), '{"key":"a","value":"ü\\n"}');
    assert.equal(
      writeKeyLine({ key: "b\xff", value: Uint8Array.of(255, 0) }),
      '{"key":{"base64":"Yv8="},"value":{"base64":"/wA="}}',
    );
  });

  it("come back as they were, each on one line", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
    );
    const line = fc.record(
      { key: bytes.filter(({ length }) => length > 0).map(toBinary), value: bytes },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const written = lines.map(writeKeyLine);
        for (const each of written) assert.doesNotMatch(each, /[\r\n]/);
        assert.deepEqual(readKeyLines(written.join("\n")), lines);
        assert.deepEqual(readKeyLines(`${written.join("\r\n\r\n")}\r\n`), lines);
      }),
    );
  });

  for (const [text, message] of [
    ["{", /^line 1: /],
    ['{"key":"a","value":"b"}\n\nnull', 'line 3: write {"key": …, "value": …}'],
    ['{"value":"b"}', 'line 1: key must be a string, or {"base64": "…"}'],
    ['{"key":5,"value":"b"}', 'line 1: key must be a string, or {"base64": "…"}'],
    ['{"key":"","value":"b"}', "line 1: key is empty"],
    ['{"key":"a"}', 'line 1: value must be a string, or {"base64": "…"}'],
    ['{"key":"a","value":{"base64":"*"}}', "line 1: value is not valid base64"],
  ] as const) {
    it(`${JSON.stringify(text)} cannot be read`, () => {
      assert.throws(() => readKeyLines(text), { name: "SyntaxError", message });
    });
  }
});
