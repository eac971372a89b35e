import assert from "node:assert/strict";
import type { HeaderField } from "../../../../../runtime/core/transport/http2/hpack/header-field.js";
import { HpackDecoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-decoder.js";
import { HpackError } from "../../../../../runtime/core/transport/http2/hpack/hpack-error.js";

/** Bytes from hexadecimal digits, in which spaces mean nothing. */
export function hex(digits: string): Buffer {
  const bytes = Buffer.from(digits.replaceAll(" ", ""), "hex");
  assert.equal(bytes.length * 2, digits.replaceAll(" ", "").length, `not hexadecimal: ${digits}`);
  return bytes;
}

/** Fields as lines of `name: value`. */
export function lines(fields: readonly HeaderField[]): string[] {
  return fields.map(({ name, value }) => `${name}: ${value}`);
}

/** What a new decoder with a table of 4,096 bytes makes of a block. */
export function decodeAlone(block: string): string[] {
  const { fields, isTooLarge } = new HpackDecoder(4096).decode(hex(block), 65_536);
  assert.ok(!isTooLarge);
  return lines(fields);
}

/** Asserts that a decoder, a new one if none is given, refuses a block with this message. */
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
