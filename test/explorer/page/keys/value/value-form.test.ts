import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  bestForm,
  editedValue,
  obstacle,
  shownAs,
} from "../../../../../runtime/explorer/page/keys/value/value-form.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the forms of a value", () => {
  it("begin with the one that shows most of it", () => {
    const values = [utf8(""), utf8("a"), utf8('{"a":1}'), utf8("12"), Uint8Array.of(0xff)];
    assert.deepEqual(values.map(bestForm), ["text", "text", "json", "text", "hex"]);
  });

  it("say why one of them cannot show it", () => {
    assert.equal(obstacle(Uint8Array.of(0xff), "text"), "These bytes are not UTF-8 text");
    assert.equal(obstacle(utf8("a"), "json"), "This text is not a JSON object or list");
    assert.equal(obstacle(Uint8Array.of(0xff), "hex"), undefined);
    const deep = utf8("[".repeat(20_000) + "]".repeat(20_000));
    assert.match(obstacle(deep, "json") ?? "", /^This JSON is too deep/);
    assert.equal(bestForm(deep), "text");
  });

  it("leave a value as it is that nobody has edited", () => {
    const value = fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" }).map(utf8), fc.json().map(utf8));
    fc.assert(
      fc.property(value, fc.constantFrom("text", "json", "hex"), (before, form) => {
        if (obstacle(before, form) !== undefined) return;
        const after = editedValue(shownAs(before, form), form, before);
        // JSON that had white space of its own is saved as it is shown.
        if (form !== "json" || Buffer.from(after).equals(before))
          assert.deepEqual(Buffer.from(after), Buffer.from(before));
        else assert.deepEqual(JSON.parse(Buffer.from(after).toString()), JSON.parse(Buffer.from(before).toString()));
      }),
    );
  });

  it("save JSON that was compact without the white space that it is shown with", () => {
    const before = utf8('{"a":[1.0,2]}');
    assert.deepEqual(editedValue('{\n  "a": [\n    1.0,\n    3\n  ]\n}', "json", before), utf8('{"a":[1.0,3]}'));
    assert.deepEqual(editedValue('{ "a": 3 }', "json", utf8('{ "a": 1 }')), utf8('{ "a": 3 }'));
  });

  it("reject what is not of them", () => {
    assert.throws(() => editedValue("{", "json", utf8("{}")), SyntaxError);
    assert.throws(() => editedValue("0", "hex", utf8("")), SyntaxError);
  });
});
