import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compactJson, formatJson, isJson } from "../../../../runtime/explorer/page/bytes/json-text.js";

describe("JSON text", () => {
  it("is an object or a list", () => {
    const texts = ['{"a":1}', " [] ", '"a"', "1", "null", "{", "{a:1}", ""];
    assert.deepEqual(texts.map(isJson), [true, true, false, false, false, false, false, false]);
  });

  it("is formatted with its digits, order and doubles as they are", () => {
    const text = '{"b":12345678901234567890,"a":[1.0,{}],"b":[],"c":{"d":"{,:\\"}"}}';
    assert.equal(
      formatJson(text),
      `{
  "b": 12345678901234567890,
  "a": [
    1.0,
    {}
  ],
  "b": [],
  "c": {
    "d": "{,:\\"}"
  }
}`,
    );
    assert.equal(compactJson(formatJson(text) ?? ""), text);
  });

  it("is formatted and compacted as JavaScript does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const compact = JSON.stringify(JSON.parse(text));
        assert.equal(compactJson(JSON.stringify(JSON.parse(text), undefined, 3)), compact);
        assert.equal(formatJson(compact), JSON.stringify(JSON.parse(text), undefined, 2));
      }),
    );
  });

  it("is not formatted if nesting would make it huge", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    assert.equal(formatJson(nested(20_000)), undefined);
    assert.equal(compactJson(formatJson(nested(1000)) ?? ""), nested(1000));
  });
});
