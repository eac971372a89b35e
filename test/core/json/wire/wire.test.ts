import assert from "node:assert/strict";
import { test } from "node:test";
import { WireError } from "../../../../runtime/core/json/wire/wire-error.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { assertWireRejected, generated, jsonOf } from "../sample.js";

test("numbers are cut to their types as every decoder does", () => {
  assert.equal(jsonOf("08 ffffffffffffffffff01"), '{"int32":-1}');
  assert.equal(jsonOf("08 ffffffff0f"), '{"int32":-1}');
  assert.equal(jsonOf("08 808080808001"), "{}");
  assert.equal(jsonOf("18 ffffffffffffffffff01"), '{"uint32":4294967295}');
  assert.equal(jsonOf("28 ffffffff1f"), '{"sint32":-2147483648}');
  assert.equal(jsonOf("68 8080808010"), '{"bool":true}');
  assert.equal(jsonOf("68 80808080808080808001"), '{"bool":true}');
  assert.equal(jsonOf("8001 ffffffffffffffffff01"), '{"color":"NEGATIVE"}');
  assert.equal(jsonOf("10 80808080808080808001"), '{"int64":"-9223372036854775808"}');
});

test("varints may be longer than they need be, but not than ten bytes", () => {
  assert.equal(jsonOf("8800 8100"), '{"int32":1}');
  assert.equal(jsonOf("8880808000 81808080808080808000"), '{"int32":1}');
  assertWireRejected(
    "08 ffffffffffffffffffff01",
    "sample.Sample.int32: a varint of more than 10 bytes at byte 1 of the wire",
  );
  assertWireRejected("ffffffffffffffffffff01", "sample.Sample: a varint of more than 10 bytes at byte 0 of the wire");
});

test("unknown fields and known numbers of other wire types are skipped", () => {
  assert.equal(jsonOf("c03e 01 0801"), '{"int32":1}');
  assert.equal(jsonOf("0801 c13e 0000000000000000 c23e 0161 c53e 00000000"), '{"int32":1}');
  assert.equal(jsonOf("0801 c33e 0801 cb3e cc3e c43e 7a0161"), '{"int32":1,"bytes":"YQ=="}');
  assert.equal(jsonOf("0a0101 09 0000000000000000 0d 00000000 1001"), '{"int64":"1"}');
});

test("what is cut off is rejected, wherever it is", () => {
  assertWireRejected("08", "sample.Sample.int32: the value is cut off at byte 0 of the wire");
  assertWireRejected("08 80", "sample.Sample.int32: the value is cut off at byte 1 of the wire");
  assertWireRejected("7205 6162", "sample.Sample.string: a length of 5 where 2 bytes are left at byte 1 of the wire");
  assertWireRejected(
    "8a0103 08",
    "sample.Sample.sub_message: a length of 3 where 1 bytes are left at byte 2 of the wire",
  );
  assertWireRejected("8a0102 0880 01", "sample.Sample.sub_message.int32: the value is cut off at byte 4 of the wire");
  assertWireRejected(
    "920102 0180",
    "sample.Sample.int_list[0]: the last element of a packed field is cut off at byte 4 of the wire",
  );
  assertWireRejected(
    "720a ffffffff0f",
    "sample.Sample.string: a length of 10 where 5 bytes are left at byte 1 of the wire",
  );
});

test("tags that do not exist are rejected", () => {
  assertWireRejected("00 00", "sample.Sample: field number 0 at byte 0 of the wire");
  assertWireRejected("0801 07", "sample.Sample: field number 0 at byte 2 of the wire");
  assertWireRejected("0e 00", "sample.Sample: wire type 6, which does not exist at byte 1 of the wire");
  assertWireRejected("0c", "sample.Sample: an end of a group that did not begin at byte 1 of the wire");
  assertWireRejected("c33e 0801", "sample.Sample: a group without an end at byte 2 of the wire");
  assertWireRejected("c33e cc3e", "sample.Sample: an end of a group that did not begin at byte 4 of the wire");
  assertWireRejected("8080808010 01", "sample.Sample: the field number is out of range at byte 0 of the wire");
});

test("nesting has a limit", () => {
  const nested = (depth: number): string => {
    let wire = Buffer.alloc(0);
    for (let i = 0; i < depth; i++) wire = Buffer.concat([Buffer.of(0x8a, 1), varint(wire.length), wire]);
    return wire.toString("hex");
  };
  assert.equal(jsonOf(nested(99)), `${'{"sub_message":'.repeat(99)}{}${"}".repeat(99)}`);
  assert.throws(() => jsonOf(nested(100)), /more than 100 messages in each other/);
  assert.throws(() => jsonOf(nested(20_000)), /more than 100 messages in each other/);
  assert.throws(() => jsonOf(`0801 0801 ${nested(100)}`), /more than 100 messages in each other/);
  assert.throws(() => jsonOf("c33e".repeat(100_000)), /more than 100 groups in each other/);
});

test("an error in a map or a list is found in it", () => {
  assertWireRejected("c20106 0a0161 10ff ff", "sample.Sample.counts[0]: the value is cut off at byte 8 of the wire");
  assertWireRejected(
    "a20100 a20102 0880",
    "sample.Sample.sample_list[1].int32: the value is cut off at byte 7 of the wire",
  );
});

test("a sound message is none the worse for an error before it", () => {
  assert.throws(() => jsonOf("0801 7205"), WireError);
  assert.equal(jsonOf("0801"), '{"int32":1}');
  assert.throws(() => jsonOf("7201 ff"), WireError);
  assert.equal(jsonOf("7201 61"), '{"string":"a"}');
});

test("texts do not overwrite each other", () => {
  const codec = generated.codec("sample.Sample");
  const texts = Array.from({ length: 3000 }, (_, i) => {
    const size = (i * 37) % 5000;
    const wire = Buffer.concat([Buffer.of(0x7a), varint(size), Buffer.alloc(size, i)]);
    return { text: wireToJson(codec, wire, `<${i}:`, ">\n"), expected: Buffer.alloc(size, i).toString("base64") };
  });
  for (const [i, { text, expected }] of texts.entries()) {
    assert.equal(text.toString(), `<${i}:${expected === "" ? "{}" : `{"bytes":"${expected}"}`}>\n`);
  }
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
