import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HeaderField } from "../../../../../runtime/core/transport/http2/hpack/header-field.js";
import { HpackDecoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-decoder.js";
import { encodeFields, HpackEncoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-encoder.js";
import { hex, lines } from "./fields.js";

const NOTHING = Buffer.alloc(0);

test("a field is an index, a name's index and a value, or two strings", () => {
  assert.deepEqual(encodeFields([{ name: ":method", value: "POST" }]), hex("83"));
  assert.deepEqual(encodeFields([{ name: ":scheme", value: "https" }]), hex("87"));
  assert.deepEqual(encodeFields([{ name: ":path", value: "/a" }]), hex("04 02 2f61"));
  assert.deepEqual(encodeFields([{ name: "content-type", value: "a" }]), hex("0f10 01 61"));
  assert.deepEqual(encodeFields([{ name: "te", value: "trailers" }]), hex("00 02 7465 08 747261696c657273"));
  assert.deepEqual(encodeFields([{ name: "www-authenticate", value: "" }]), hex("bd"));
});

test("what is secret may not be put into a table on the way", () => {
  assert.deepEqual(encodeFields([{ name: "authorization", value: "a" }]), hex("1f08 01 61"));
  assert.deepEqual(encodeFields([{ name: "token", value: "a" }]), hex("10 05 746f6b656e 01 61"));
  assert.deepEqual(encodeFields([{ name: "cookie", value: "a" }]), hex("1f11 01 61"));
  assert.deepEqual(encodeFields([{ name: "proxy-authorization", value: "a" }]), hex("1f22 01 61"));
});

test("a block is what was prepared and the fields behind it, and blocks do not mix", () => {
  const prepared = encodeFields([{ name: ":method", value: "POST" }]);
  const encoder = new HpackEncoder();
  encoder.begin(prepared);
  encoder.field("a", "b");
  assert.deepEqual(encoder.end(), hex("83 00 01 61 01 62"));
  encoder.begin(prepared);
  assert.deepEqual(encoder.end(), hex("83"));
  assert.deepEqual(prepared, hex("83"));
});

test("lengths are written in as many bytes as they take", () => {
  for (const length of [126, 127, 128, 254, 255, 16_510, 16_511, 70_000, 2_097_300]) {
    const value = "v".repeat(length);
    const { fields } = new HpackDecoder(4096).decode(encodeFields([{ name: "n", value }]), 10_000_000);
    assert.deepEqual(fields, [{ name: "n", value }]);
  }
  assert.deepEqual(encodeFields([{ name: "n", value: "v".repeat(127) }]).subarray(3, 5), hex("7f00"));
});

test("a peer that lowers its table's size reads so in the block that is sent next, once", () => {
  const encoder = new HpackEncoder();
  const block = (): string => {
    encoder.begin(hex("83"));
    return encoder.withTableSize(encoder.end()).toString("hex");
  };
  encoder.limitTable(4096);
  encoder.limitTable(65_536);
  assert.equal(block(), "83");
  encoder.limitTable(4095);
  encoder.limitTable(8192);
  assert.equal(block(), "2083");
  assert.equal(block(), "83");
  // The table has been empty since: there is nothing to shrink.
  encoder.limitTable(0);
  assert.equal(block(), "83");
});

test("what was encoded is decoded to the same", () => {
  const text = (maxLength: number): fc.Arbitrary<string> =>
    fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString("latin1"));
  const name = fc.oneof(fc.constantFrom(":path", ":method", "content-type", "token", "via"), text(150));
  const value = fc.oneof(fc.constantFrom("/", "GET", ""), text(300));
  fc.assert(
    fc.property(fc.array(fc.array(fc.record({ name, value }), { maxLength: 8 }), { maxLength: 4 }), (blocks) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder(4096);
      for (const fields of blocks) {
        encoder.begin(NOTHING);
        for (const { name, value } of fields) encoder.field(name, value);
        assert.deepEqual(decodeNew(decoder, encoder.end()), lines(fields));
      }
      assert.equal(decoder.tableVersion, 0);
    }),
  );
});

function decodeNew(decoder: HpackDecoder, block: Buffer): string[] {
  const fields: readonly HeaderField[] = decoder.decode(block, 1_000_000).fields;
  return lines(fields);
}
