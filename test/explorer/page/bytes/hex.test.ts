import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asciiOf, bytesOfHex, hexOf } from "../../../../runtime/explorer/page/bytes/hex.js";

describe("hexadecimal digits", () => {
  it("stand in pairs, 16 a line", () => {
    assert.equal(
      hexOf(Uint8Array.from({ length: 18 }, (_, i) => i)),
      "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10 11",
    );
    assert.equal(hexOf(new Uint8Array()), "");
  });

  it("come back as the bytes that they were, however they are spaced", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        assert.deepEqual(bytesOfHex(hexOf(bytes)), bytes);
        assert.deepEqual(bytesOfHex(hexOf(bytes).replaceAll(" ", "").toUpperCase()), bytes);
      }),
    );
  });

  it("are rejected where they are none, and where one is missing", () => {
    assert.throws(() => bytesOfHex("0a 0g"), { name: "SyntaxError", message: '"g" is not a hexadecimal digit' });
    assert.throws(() => bytesOfHex("0a 1"), { name: "SyntaxError", message: /^the last byte has one digit/ });
  });

  it("have characters beside them", () => {
    assert.equal(asciiOf(Uint8Array.of(0, 31, 32, 65, 126, 127, 255)), ".. A~..");
  });
});
