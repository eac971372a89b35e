import assert from "node:assert/strict";
import { it } from "node:test";
import { encodeFields } from "../../../../../runtime/core/transport/http2/hpack/hpack-encoder.js";
import { HeaderBlocks } from "../../../../../runtime/core/transport/http2/session/header-blocks.js";

/** A literal with incremental indexing, of a new name. */
function insert(name: string, value: string): Buffer {
  return Buffer.from([0x40, name.length, ...Buffer.from(name), value.length, ...Buffer.from(value)]);
}

/** The newest field of the dynamic table. */
const NEWEST = Buffer.of(0x80 | 62);

it("equal blocks have the same fields, and these are read once", () => {
  const blocks = new HeaderBlocks(8_192);
  const block = encodeFields([{ name: "x-a", value: "1" }]);
  const fields = blocks.read(block);
  assert.equal(blocks.read(Buffer.from(block)), fields);
  assert.deepEqual(fields.fields, [{ name: "x-a", value: "1" }]);
});

it("equal blocks are read anew once the table has changed", () => {
  const blocks = new HeaderBlocks(8_192);
  blocks.read(insert("x-a", "1"));
  assert.deepEqual(blocks.read(NEWEST).fields, [{ name: "x-a", value: "1" }]);
  assert.deepEqual(blocks.read(NEWEST).fields, [{ name: "x-a", value: "1" }]);
  blocks.read(insert("x-b", "2"));
  assert.deepEqual(blocks.read(NEWEST).fields, [{ name: "x-b", value: "2" }]);
});

it("equal blocks that change the table change it each time", () => {
  const blocks = new HeaderBlocks(8_192);
  const block = insert("x-a", "1");
  blocks.read(block);
  blocks.read(insert("x-b", "2"));
  blocks.read(block);
  assert.deepEqual(blocks.read(Buffer.of(0x80 | 64)).fields, [{ name: "x-a", value: "1" }]);
});

it("a block that is remembered is a copy, whatever becomes of the chunk that it came in", () => {
  const blocks = new HeaderBlocks(8_192);
  const block = encodeFields([{ name: "x-a", value: "1" }]);
  blocks.read(block);
  const other = encodeFields([{ name: "x-a", value: "2" }]);
  other.copy(block);
  assert.deepEqual(blocks.read(block).fields, [{ name: "x-a", value: "2" }]);
});

it("few blocks are remembered, and those that are not are read as well", () => {
  const blocks = new HeaderBlocks(8_192);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 10; i++) {
      const value = `${i}`;
      assert.deepEqual(blocks.read(encodeFields([{ name: "x-a", value }])).fields, [{ name: "x-a", value }]);
    }
  }
});
