import assert from "node:assert/strict";
import type { HeaderField } from "../../../../../runtime/core/transport/http2/hpack/header-field.js";
import { HpackDecoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-decoder.js";
import { HpackError } from "../../../../../runtime/core/transport/http2/hpack/hpack-error.js";

/** Parses hexadecimal digits. Spaces are ignored. */
export function hex(digits: string): Buffer {
  const bytes = Buffer.from(digits.replaceAll(" ", ""), "hex");
  assert.equal(bytes.length * 2, digits.replaceAll(" ", "").length, `not hexadecimal: ${digits}`);
  return bytes;
}

/** Writes fields as lines of `name: value`. */
export function lines(fields: readonly HeaderField[]): string[] {
  return fields.map(({ name, value }) => `${name}: ${value}`);
}

/** Decodes a block with a new decoder, whose table has 4,096 bytes. */
export function decodeAlone(block: string): string[] {
  const { fields, isTooLarge } = new HpackDecoder(4096).decode(hex(block), 65_536);
  assert.ok(!isTooLarge);
  return lines(fields);
}

/** Asserts that a decoder rejects a block with this message. The default is a new decoder. */
export function assertMalformed(block: string, message: string, decoder: HpackDecoder = new HpackDecoder(4096)): void {
  assert.throws(
    () => decoder.decode(hex(block), 65_536),
    (error) => {
      assert.ok(error instanceof HpackError, String(error));
      assert.equal(error.message, `malformed header block: ${message}`);
      return true;
    },
  );
}
