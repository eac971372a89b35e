// Blocks as encoders of several implementations wrote them. A story is one connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HpackDecoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-decoder.js";
import { encodeFields } from "../../../../../runtime/core/transport/http2/hpack/hpack-encoder.js";
import { hex, lines } from "./fields.js";
import stories from "./stories.json" with { type: "json" };

for (const [i, { encoder, blocks }] of stories.entries()) {
  test(`story ${i}: the blocks of ${encoder}`, () => {
    const decoder = new HpackDecoder(4096);
    const copier = new HpackDecoder(4096);
    assert.ok(blocks.length > 0);
    for (const { wire, fields } of blocks) {
      const list = decoder.decode(hex(wire), 65_536);
      assert.deepEqual({ ...list, fields: lines(list.fields) }, { fields, isTooLarge: false });
      assert.deepEqual(copier.decode(encodeFields(list.fields), 65_536), list);
    }
  });
}
