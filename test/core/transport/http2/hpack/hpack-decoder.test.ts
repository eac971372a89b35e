import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HpackDecoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-decoder.js";
import { encodeFields } from "../../../../../runtime/core/transport/http2/hpack/hpack-encoder.js";
import { HpackError } from "../../../../../runtime/core/transport/http2/hpack/hpack-error.js";
import { assertMalformed, decodeAlone, hex, lines } from "./fields.js";

const LIMIT = 65_536;

/** `a: b` with incremental indexing, which takes 34 bytes of the table. */
const INSERT = "40 01 61 01 62";

test("indexes outside of the tables are rejected", () => {
  assertMalformed("80", "index 0 is out of range: the last one is 61 at byte 0");
  assertMalformed("be", "index 62 is out of range: the last one is 61 at byte 0");
  assertMalformed(`${INSERT} bf`, "index 63 is out of range: the last one is 62 at byte 5");
  assertMalformed("82 7f80 0161", "index 191 is out of range: the last one is 61 at byte 1");
  assertMalformed("0f 2f 0162", "index 62 is out of range: the last one is 61 at byte 0");
  assert.deepEqual(decodeAlone(`${INSERT} be bd`), ["a: b", "a: b", "www-authenticate: "]);
});

test("integers may be longer than they need be, but have 31 bits", () => {
  assert.deepEqual(decodeAlone(`00 7f 82 00 ${"61".repeat(129)} 00`), [`${"a".repeat(129)}: `]);
  assert.deepEqual(decodeAlone(`00 7f 80 80 80 80 00 ${"61".repeat(127)} 00`), [`${"a".repeat(127)}: `]);
  assertMalformed("00 7f 80 80 80 80 80 00", "an integer beyond 31 bits at byte 1");
  assertMalformed("00 7f ff ff ff ff 0f", "an integer beyond 31 bits at byte 1");
  assertMalformed("00 7f 80 ff ff ff 07", "a string of 2147483647 bytes with only 0 bytes left at byte 1");
  assertMalformed("00 7f 81 ff ff ff 07", "an integer beyond 31 bits at byte 1");
  assertMalformed(`ff ${"80".repeat(1000)}`, "an integer beyond 31 bits at byte 0");
});

test("a block that is cut off is rejected, wherever that is", () => {
  const block = hex(`82 ${INSERT} 0f 00 03 616263 7f 00 8a 25a849e95ba97d7f8925 90 82 a849 83 e95bb8 3f`);
  const decoder = new HpackDecoder(4096);
  assert.throws(() => decoder.decode(block, LIMIT), HpackError);
  assertMalformed("40", "truncated header block at byte 1");
  assertMalformed("40 01", "a string of 1 bytes with only 0 bytes left at byte 1");
  assertMalformed("40 01 61", "truncated header block at byte 3");
  assertMalformed("40 01 61 02 62", "a string of 2 bytes with only 1 bytes left at byte 3");
  assertMalformed("40 01 61 82 62", "a string of 2 bytes with only 1 bytes left at byte 3");
  assertMalformed("ff", "truncated header block at byte 1");
  assertMalformed("3f", "truncated header block at byte 1");
});

test("a malformed Huffman code is rejected", () => {
  assertMalformed("00 01 61 81 00", "a malformed Huffman code at byte 3");
  assertMalformed("00 84 ffffffff 0162", "a malformed Huffman code at byte 1");
});

test("a size update is at the beginning, and within the setting", () => {
  assert.deepEqual(decodeAlone("20 3fe11f 82"), [":method: GET"]);
  assert.deepEqual(decodeAlone("3fe11f"), []);
  assertMalformed("3fe21f", "a dynamic table size of 4097 beyond the setting of 4096 at byte 0");
  assertMalformed("20 3fe21f", "a dynamic table size of 4097 beyond the setting of 4096 at byte 1");
  assertMalformed("82 20", "a dynamic table size update after a field at byte 1");
  assertMalformed("20 82 3f00", "a dynamic table size update after a field at byte 2");
});

test("a setting below 4,096 asks for an update in the first block", () => {
  const message = "missing dynamic table size update to 100 at byte 0";
  assertMalformed("82", message, new HpackDecoder(100));
  const late = "a dynamic table size of 101 beyond the setting of 100 at byte 0";
  assertMalformed("3f46 82", late, new HpackDecoder(100));
  const decoder = new HpackDecoder(100);
  assert.deepEqual(decoder.decode(hex(""), LIMIT).fields, []);
  assert.deepEqual(lines(decoder.decode(hex("3f45 82"), LIMIT).fields), [":method: GET"]);
  assert.deepEqual(lines(decoder.decode(hex("82"), LIMIT).fields), [":method: GET"]);
});

test("the table begins with 4,096 bytes, and may grow to a larger setting", () => {
  // Each field takes 34 bytes: 120 of them fit into 4,096.
  const decoder = new HpackDecoder(8192);
  decoder.decode(hex(INSERT.repeat(121)), LIMIT);
  assert.deepEqual(lines(decoder.decode(hex("ff 36"), LIMIT).fields), ["a: b"]);
  assertMalformed("ff 37", "index 182 is out of range: the last one is 181 at byte 0", decoder);
  decoder.decode(hex(`3fe13f ${INSERT.repeat(121)}`), LIMIT);
  assert.deepEqual(lines(decoder.decode(hex("ff ae01"), LIMIT).fields), ["a: b"]);
  assertMalformed("ff af01", "index 302 is out of range: the last one is 301 at byte 0", decoder);
});

test("a smaller table evicts the oldest fields, and one of 0 all of them", () => {
  const decoder = new HpackDecoder(4096);
  decoder.decode(hex("40 01 61 01 31 40 01 61 01 32 40 01 61 01 33"), LIMIT);
  assert.deepEqual(lines(decoder.decode(hex("3f25 be bf"), LIMIT).fields), ["a: 3", "a: 2"]);
  assertMalformed("c0", "index 64 is out of range: the last one is 63 at byte 0", decoder);
  assertMalformed("20 be", "index 62 is out of range: the last one is 61 at byte 1", decoder);
});

test("a field that is larger than the table empties it", () => {
  const decoder = new HpackDecoder(4096);
  const large = insert("a", "b".repeat(4096 - 32));
  decoder.decode(hex(`${INSERT} ${large}`), LIMIT);
  assertMalformed("be", "index 62 is out of range: the last one is 61 at byte 0", decoder);
  const fits = insert("a", "b".repeat(4096 - 33));
  decoder.decode(hex(`${INSERT} ${fits}`), LIMIT);
  assert.deepEqual(lines(decoder.decode(hex("be"), LIMIT).fields), [`a: ${"b".repeat(4096 - 33)}`]);
  assertMalformed("bf", "index 63 is out of range: the last one is 62 at byte 0", decoder);
});

test("a name may come from a field that its own insertion evicts", () => {
  const decoder = new HpackDecoder(4096);
  decoder.decode(hex("3f03 40 01 61 01 31"), LIMIT);
  assert.deepEqual(lines(decoder.decode(hex("7e 01 32 be"), LIMIT).fields), ["a: 2", "a: 2"]);
});

test("a list that is too large is cut, and the table stays right", () => {
  const block = encodeFields([
    { name: "a", value: "b" },
    { name: "a", value: "c" },
  ]);
  assert.deepEqual(new HpackDecoder(4096).decode(block, 68), {
    fields: [
      { name: "a", value: "b" },
      { name: "a", value: "c" },
    ],
    isTooLarge: false,
  });
  assert.deepEqual(new HpackDecoder(4096).decode(block, 67), {
    fields: [{ name: "a", value: "b" }],
    isTooLarge: true,
  });
  const decoder = new HpackDecoder(4096);
  assert.deepEqual(decoder.decode(hex("40 01 61 01 31 40 01 61 01 32 82"), 34).fields, [{ name: "a", value: "1" }]);
  assert.deepEqual(lines(decoder.decode(hex("be bf"), LIMIT).fields), ["a: 2", "a: 1"]);
});

test("one large field cuts the list, though smaller ones follow it", () => {
  const { fields, isTooLarge } = new HpackDecoder(4096).decode(hex("00 01 61 05 3132333435 82"), 36);
  assert.deepEqual(fields, []);
  assert.ok(isTooLarge);
});

test("a list has a thousand fields at most", () => {
  const decoder = new HpackDecoder(4096);
  assert.equal(decoder.decode(hex("82".repeat(1000)), Number.POSITIVE_INFINITY).isTooLarge, false);
  const { fields, isTooLarge } = decoder.decode(hex("82".repeat(1001)), Number.POSITIVE_INFINITY);
  assert.equal(fields.length, 1000);
  assert.ok(isTooLarge);
});

test("the table's version changes with the table, and with nothing else", () => {
  const decoder = new HpackDecoder(4096);
  const changes = (block: string): boolean => {
    const before = decoder.tableVersion;
    decoder.decode(hex(block), LIMIT);
    return decoder.tableVersion !== before;
  };
  assert.ok(!changes("82 00 01 61 01 62 10 01 61 01 62"));
  assert.ok(!changes(""));
  assert.ok(changes(INSERT));
  assert.ok(!changes("be 0f 2f 01 63"));
  const large = insert("a", "b".repeat(4096 - 32));
  assert.ok(changes(large), "an eviction alone");
  assert.ok(!changes(large), "nothing to evict");
  assert.ok(changes("20"));
  assert.ok(!changes("20 20"));
  assert.ok(!changes(INSERT), "no room");
  assert.ok(changes("3fe11f"));
});

test("any bytes are fields or an HpackError", () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom(...["82", INSERT, "20", "3fe11f", "be", "00 01 61 83 e95bb8", "7e 02 6162"].map(hex)),
  );
  const outcomes = { fields: 0, errors: 0 };
  fc.assert(
    fc.property(fc.array(fc.array(pieces, { maxLength: 6 }), { maxLength: 4 }), (blocks) => {
      const decoder = new HpackDecoder(4096);
      try {
        for (const block of blocks) decoder.decode(Buffer.concat(block), LIMIT);
        outcomes.fields++;
      } catch (error) {
        assert.ok(error instanceof HpackError, String(error));
        outcomes.errors++;
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(outcomes.fields > 100 && outcomes.errors > 100, JSON.stringify(outcomes));
});

/** A field with a new name and incremental indexing. */
function insert(name: string, value: string): string {
  return `40${encodeFields([{ name, value }]).toString("hex", 1)}`;
}
