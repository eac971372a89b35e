import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertRejected, roundTrip, wireOf } from "../sample.js";

test("base64 is read in both alphabets, with padding or without, and written in one form", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), fc.boolean(), (value, urlSafe, padded) => {
      const standard = Buffer.from(value).toString("base64");
      const alphabet = urlSafe ? standard.replaceAll("+", "-").replaceAll("/", "_") : standard;
      const text = padded ? alphabet : alphabet.replaceAll("=", "");
      assert.equal(roundTrip(`{"bytes":"${text}"}`), value.length === 0 ? "{}" : `{"bytes":"${standard}"}`);
    }),
    { numRuns: 500 },
  );
});

test("line breaks and escapes in base64 are allowed", () => {
  assert.equal(wireOf('{"bytes":"Zm\\n9v\\r\\n"}'), "7a03666f6f");
  assert.equal(wireOf('{"bytes":"Zm8\\u003d"}'), "7a02666f");
  assert.equal(wireOf('{"bytes":"\\/\\/\\/\\/"}'), "7a03ffffff");
});

test("line breaks that are not escaped are not JSON", () => {
  assertRejected('{"bytes":"Zm\n9v"}', "bytes: control character in a string at byte 12: expected an escape sequence");
  assertRejected('{"bytes":"\r"}', /control character/);
});

test("what is not base64 is rejected, never shortened", () => {
  assertRejected(
    '{"bytes":"Zm9*v"}',
    'bytes: invalid base64 at byte 13: expected the standard or the URL-safe alphabet, padded or not, got "*"',
  );
  assertRejected(
    '{"bytes":"Zm9vY"}',
    "bytes: invalid base64 at byte 15: expected the standard or the URL-safe alphabet, padded or not, got an incomplete last group",
  );
  const mistakes = [
    "Zg=",
    "Zg===",
    "Zg==Zg==",
    "=",
    "====",
    "Z===",
    "Zm9v=",
    "Zm=9v",
    "+_aa",
    "-/aa",
    "Z g=",
    "%",
    "Zm9v ",
    "Zm9vé",
    "Zg==Z",
    "Zm8=\\u0000",
  ];
  for (const text of mistakes) assertRejected(`{"bytes":"${text}"}`, /^bytes: invalid base64 at byte \d+: /);
  for (const text of ["[102,111,111]", "1", "true", '{"a":"Zg=="}']) {
    assertRejected(`{"bytes":${text}}`, /^bytes: unexpected token at byte 9: expected bytes as a base64 string, got /);
  }
});

test("every mistake in a long text is found", () => {
  const text = Buffer.alloc(300, "x").toString("base64");
  for (let at = 0; at < text.length; at++) {
    assertRejected(`{"bytes":"${text.slice(0, at)}*${text.slice(at + 1)}"}`, new RegExp(`at byte ${10 + at}:`));
  }
});
