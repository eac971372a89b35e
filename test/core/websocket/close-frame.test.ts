import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closeReason } from "../../../runtime/core/websocket/close-frame.js";

test("the reason of a close frame is the text, or what fits of it in whole characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const reason = closeReason(text);
      const valid = Buffer.from(text).toString();
      assert.ok(reason.length <= 123);
      assert.ok(valid.startsWith(new TextDecoder("utf-8", { fatal: true }).decode(reason)));
      if (Buffer.byteLength(valid) <= 123) assert.equal(reason.toString(), valid);
      else assert.ok(reason.length > 119);
    }),
  );
});
