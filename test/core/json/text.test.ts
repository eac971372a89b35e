import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuTime } from "../cpu-time.js";
import { assertRejected, roundTrip } from "./sample.js";

test("white space may be around every token", () => {
  const json = ' \t\r\n{ "int_list" : [ 1 , 2 ] , "counts" : { "a" : 1 } , "unknown" : [ ] , "sub_message" : { } } \n';
  assert.equal(roundTrip(json), '{"sub_message":{},"int_list":["1","2"],"counts":{"a":1}}');
});

test("one object and nothing else is a message", () => {
  assertRejected("", "unexpected end of input at byte 0: expected an object");
  assertRejected("{}{}", "unexpected token at byte 2: expected the end of the JSON, got {");
  assertRejected("{} x", /^unexpected token at byte 3: expected the end of the JSON, got x/);
  for (const text of [
    "[]",
    '"x"',
    "1",
    "true",
    "null",
    "{",
    "}",
    '{"int32"',
    '{"int32":',
    '{"int32":1',
    '{"int32":1,',
    "{}]",
  ]) {
    assertRejected(text, /at byte \d+/);
  }
});

test("nothing beyond RFC 8259 is JSON", () => {
  for (const text of [
    "\ufeff{}",
    "// x\n{}",
    "/* x */{}",
    '{"int32":1,}',
    '{"int_list":[1,]}',
    '{"int_list":[,1]}',
    "{int32:1}",
    "{'int32':1}",
    '{"int32":1;}',
    '{"int32"=1}',
    "\0{}",
    "\u00a0{}",
    '{"int_list":[1 2]}',
    '{"bool":True}',
    '{"bool":truex}',
  ]) {
    assertRejected(text, /at byte \d+/);
  }
  assertRejected(Buffer.from('{"int32":1}', "utf16le"), /at byte 1/);
});

test("an error says where it is, what was expected and what came, shortened", () => {
  assertRejected(
    '{"sample_list":[{"subMessage":{"counts":{"k":{}}}}]}',
    'sample_list[0].sub_message.counts["k"]: unexpected token at byte 45: expected an int32, got {',
  );
  assertRejected(
    `{"int32":"${"9".repeat(1000)}"}`,
    `int32: out of range for an int32 at byte 9: expected -2147483648 to 2147483647, got "${"9".repeat(31)}...`,
  );
  assertRejected('{"int_list":{}}', "int_list: unexpected token at byte 12: expected an array, got {");
  assertRejected('{"sub_message":[]}', "sub_message: unexpected token at byte 15: expected an object, got [");
  assertRejected('{"string":7}', "string: unexpected token at byte 10: expected a string, got 7");
});

test("nesting has a limit, in known fields and in unknown ones", () => {
  const nested = (depth: number): string => `${'{"sub_message":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;
  assert.equal(roundTrip(nested(100)), nested(100));
  assertRejected(nested(101), /nested too deeply at byte \d+: expected at most 100 levels$/);
  assertRejected(nested(3), /nested too deeply/, { maxDepth: 2 });
  for (const text of ["[".repeat(100_000), '{"a":'.repeat(100_000), `{"x":${"[".repeat(100_000)}`]) {
    assertRejected(text, /nested too deeply|expected an object/);
  }
  assert.equal(roundTrip(`{"unknown":${"[".repeat(99)}${"]".repeat(99)}}`), "{}");
  assertRejected(`{"unknown":${"[".repeat(100)}${"]".repeat(100)}}`, /nested too deeply/);
});

test("the time it takes is in proportion to the text", () => {
  const texts = (size: number): string[] => [
    `{${Array.from({ length: size }, (_, i) => `"unknown_${i}":${i}`).join(",")}}`,
    `{${Array.from({ length: size }, () => '"unknown":null').join(",")}}`,
    `{"counts":{${Array.from({ length: size }, (_, i) => `"${i}":${i}`).join(",")}}}`,
    `{"string":"${"\\u0061".repeat(size)}"}`,
    `{"bytes":"${"Zm9v\\n".repeat(size)}"}`,
    `{"sample_list":[${Array.from({ length: size }, () => '{"sub_message":{"int32":1}}').join(",")}]}`,
  ];
  for (const text of texts(100_000)) {
    const taken = cpuTime(() => roundTrip(text));
    assert.ok(taken < 5_000, `${text.slice(0, 20)}: ${taken} ms`);
  }
});
