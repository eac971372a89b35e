import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertRejected, assertWireRejected, jsonOf, wireOf } from "../sample.js";

const textField = (text: string): string => {
  const bytes = Buffer.from(text);
  assert.ok(bytes.length < 0x80);
  return Buffer.concat([Buffer.of(0x72, bytes.length), bytes]).toString("hex");
};

test("strings keep every character, escaped or not", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }), (text) => {
      fc.pre(Buffer.from(text).length < 0x80);
      assert.equal(wireOf(JSON.stringify({ string: text })), textField(text));
      const escaped = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0"));
      assert.equal(wireOf(`{"string":"${escaped.map((unit) => `\\u${unit}`).join("")}"}`), textField(text));
      assert.deepEqual(JSON.parse(jsonOf(textField(text))), { string: text });
    }),
  );
});

test("strings are escaped as JSON wants it and no further", () => {
  assert.equal(
    jsonOf(textField('\0\b\t\n\f\r\x1f"\\/</é€😀\x7f\u2028')),
    '{"string":"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/</é€😀\x7f\u2028"}',
  );
});

test("long strings are whole, wherever a character falls", () => {
  for (const character of ["x", '"', "é", "€", "😀"]) {
    for (const before of [0, 1, 2, 3, 1020, 1021, 1022, 1023]) {
      const text = "a".repeat(before) + character.repeat(3000);
      const wire = wireOf(JSON.stringify({ string: text }));
      assert.deepEqual(JSON.parse(jsonOf(wire)), { string: text });
    }
  }
});

test("invalid UTF-8 in JSON is rejected wherever it is", () => {
  const invalid = [
    "80",
    "c0af",
    "c1bf",
    "e08080",
    "eda080",
    "edbfbf",
    "f0808080",
    "f4908080",
    "f5808080",
    "ff",
    "e282",
    "f09f98",
    "c3",
  ];
  for (const bytes of invalid) {
    const text = (before: string, after: string): Buffer =>
      Buffer.concat([Buffer.from(before), Buffer.from(bytes, "hex"), Buffer.from(after)]);
    assertRejected(
      text('{"string":"', '"}'),
      "string: invalid UTF-8 at byte 11: expected UTF-8; send other bytes as base64",
    );
    assertRejected(text('{"unknown":"', '"}'), "invalid UTF-8 at byte 12: expected UTF-8; send other bytes as base64");
    assertRejected(text('{"', '":1}'), "invalid UTF-8 at byte 2: expected UTF-8; send other bytes as base64");
    assertRejected(text("", "{}"), /^unexpected token at byte 0: expected an object/);
  }
});

test("invalid UTF-8 on the wire is rejected with the field's name", () => {
  assertWireRejected(
    "7203 61ff62",
    "sample.Sample.string: invalid UTF-8 in a string at byte 3 of the protobuf message",
  );
  assertWireRejected(
    "9a0101 61 9a0101 ff",
    "sample.Sample.string_list[1]: invalid UTF-8 in a string at byte 7 of the protobuf message",
  );
  // A character that is cut off at the end of its string, though bytes that would complete it follow.
  assertWireRejected(
    "7202 e282 ac",
    "sample.Sample.string: invalid UTF-8 in a string at byte 2 of the protobuf message",
  );
});

test("lone surrogate is rejected", () => {
  for (const text of [
    "\\ud800",
    "\\udc00",
    "\\ud800x",
    "\\ud800\\n",
    "\\ud800\\ud800",
    "\\udc00\\ud800",
    "\\uDBFF\\u0041",
  ]) {
    assertRejected(`{"string":"${text}"}`, "string: lone surrogate at byte 11: expected a surrogate pair");
    assertRejected(`{"unknown":"${text}"}`, /lone surrogate/);
  }
});

test("what JSON does not allow in a string is rejected", () => {
  assertRejected('{"string":"a\nb"}', "string: control character in a string at byte 12: expected an escape sequence");
  assertRejected('{"string":"\\x41"}', /^string: unknown escape sequence at byte 11: expected one of/);
  assertRejected('{"string":"\\u12g4"}', "string: invalid \\u escape at byte 11: expected four hexadecimal digits");
  assertRejected('{"string":"abc', 'string: unterminated string at byte 10: expected a closing "');
  assertRejected('{"string":"abc\\', /at byte \d+/);
  assertRejected(
    "{'string':'a'}",
    "unexpected token at byte 1: expected a member's name in double quotes, got 'string",
  );
});
