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
    "sample.Sample.int32: varint longer than 10 bytes at byte 1 of the protobuf message",
  );
  assertWireRejected(
    "ffffffffffffffffffff01",
    "sample.Sample: varint longer than 10 bytes at byte 0 of the protobuf message",
  );
});

test("unknown fields and known numbers of other wire types are skipped", () => {
  assert.equal(jsonOf("c03e 01 0801"), '{"int32":1}');
  assert.equal(jsonOf("0801 c13e 0000000000000000 c23e 0161 c53e 00000000"), '{"int32":1}');
  assert.equal(jsonOf("0801 c33e 0801 cb3e cc3e c43e 7a0161"), '{"int32":1,"bytes":"YQ=="}');
  assert.equal(jsonOf("0a0101 09 0000000000000000 0d 00000000 1001"), '{"int64":"1"}');
});

test("what is cut off is rejected, wherever it is", () => {
  assertWireRejected("08", "sample.Sample.int32: truncated value at byte 0 of the protobuf message");
  assertWireRejected("08 80", "sample.Sample.int32: truncated value at byte 1 of the protobuf message");
  assertWireRejected(
    "7205 6162",
    "sample.Sample.string: length of 5 with only 2 bytes left at byte 1 of the protobuf message",
  );
  assertWireRejected(
    "8a0103 08",
    "sample.Sample.sub_message: length of 3 with only 1 bytes left at byte 2 of the protobuf message",
  );
  assertWireRejected(
    "8a0102 0880 01",
    "sample.Sample.sub_message.int32: truncated value at byte 4 of the protobuf message",
  );
  assertWireRejected(
    "920102 0180",
    "sample.Sample.int_list[0]: truncated last element of a packed field at byte 4 of the protobuf message",
  );
  assertWireRejected(
    "720a ffffffff0f",
    "sample.Sample.string: length of 10 with only 5 bytes left at byte 1 of the protobuf message",
  );
});

test("tags that do not exist are rejected", () => {
  assertWireRejected("00 00", "sample.Sample: invalid field number 0 at byte 0 of the protobuf message");
  assertWireRejected("0801 07", "sample.Sample: invalid field number 0 at byte 2 of the protobuf message");
  assertWireRejected("0e 00", "sample.Sample: unknown wire type 6 at byte 1 of the protobuf message");
  assertWireRejected("0c", "sample.Sample: end of a group without its start at byte 1 of the protobuf message");
  assertWireRejected("c33e 0801", "sample.Sample: group without an end at byte 2 of the protobuf message");
  assertWireRejected("c33e cc3e", "sample.Sample: end of a group without its start at byte 4 of the protobuf message");
  assertWireRejected(
    "8080808010 01",
    "sample.Sample: the field number is out of range at byte 0 of the protobuf message",
  );
});

test("nesting has a limit", () => {
  const nested = (depth: number): string => {
    let wire = Buffer.alloc(0);
    for (let i = 0; i < depth; i++) wire = Buffer.concat([Buffer.of(0x8a, 1), varint(wire.length), wire]);
    return wire.toString("hex");
  };
  assert.equal(jsonOf(nested(99)), `${'{"sub_message":'.repeat(99)}{}${"}".repeat(99)}`);
  assert.throws(() => jsonOf(nested(100)), /messages nested more than 100 levels deep/);
  assert.throws(() => jsonOf(nested(20_000)), /messages nested more than 100 levels deep/);
  assert.throws(() => jsonOf(`0801 0801 ${nested(100)}`), /messages nested more than 100 levels deep/);
  assert.throws(() => jsonOf("c33e".repeat(100_000)), /groups nested more than 100 levels deep/);
});

test("an error in a map or a list is found in it", () => {
  assertWireRejected(
    "c20106 0a0161 10ff ff",
    "sample.Sample.counts[0]: truncated value at byte 8 of the protobuf message",
  );
  assertWireRejected(
    "a20100 a20102 0880",
    "sample.Sample.sample_list[1].int32: truncated value at byte 7 of the protobuf message",
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
