import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeHuffman } from "../../../../../runtime/core/transport/http2/hpack/huffman.js";
import { CODE_LENGTHS, END_OF_STRING } from "../../../../../runtime/core/transport/http2/hpack/huffman-code.js";
import { hex } from "./fields.js";

/** Codes that RFC 7541, appendix B, has for some symbols: of each length at least one. */
const CODES: Readonly<Record<number, string>> = {
  48: "00000",
  116: "01001",
  32: "010100",
  117: "101101",
  58: "1011100",
  122: "1111011",
  38: "11111000",
  90: "11111101",
  33: "1111111000",
  63: "1111111100",
  39: "11111111010",
  124: "11111111100",
  35: "111111111010",
  62: "111111111011",
  0: "1111111111000",
  126: "1111111111101",
  94: "11111111111100",
  60: "111111111111100",
  123: "111111111111110",
  92: "1111111111111110000",
  195: "1111111111111110001",
  128: "11111111111111100110",
  153: "111111111111111011100",
  129: "1111111111111111010010",
  1: "11111111111111111011000",
  9: "111111111111111111101010",
  199: "1111111111111111111101100",
  192: "11111111111111111111100000",
  203: "111111111111111111111011110",
  2: "1111111111111111111111100010",
  249: "1111111111111111111111111110",
  10: "111111111111111111111111111100",
  22: "111111111111111111111111111110",
};

test("the code is that of RFC 7541", () => {
  for (const [symbol, code] of Object.entries(CODES)) assert.equal(codes()[Number(symbol)], code, symbol);
  assert.equal(codes()[END_OF_STRING], "1".repeat(30));
  assert.deepEqual(new Set(Object.values(CODES).map((code) => code.length)), new Set(CODE_LENGTHS));
});

test("every symbol is decoded, alone and behind each other one", () => {
  for (let symbol = 0; symbol < 256; symbol++) {
    assert.equal(decode(encode(Buffer.of(symbol))), String.fromCharCode(symbol));
  }
  for (let first = 0; first < 256; first++) {
    const pairs = Buffer.from(Array.from({ length: 256 }, (_, second) => [first, second]).flat());
    assert.equal(decode(encode(pairs)), pairs.toString("latin1"));
  }
});

test("any string is decoded to what was encoded, wherever it is in its buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(5), (text, offset) => {
      const code = encode(text);
      const bytes = Buffer.concat([Buffer.alloc(offset, 0xff), code, Buffer.alloc(3, 0xff)]);
      assert.equal(decodeHuffman(bytes, offset, offset + code.length), Buffer.from(text).toString("latin1"));
    }),
  );
});

test("a string that is larger than the decoder's own buffer is decoded, too", () => {
  const text = "0123456789".repeat(10_000);
  assert.equal(decode(encode(Buffer.from(text))), text);
});

test("padding is less than eight ones", () => {
  assert.equal(decode(hex("")), "");
  assert.equal(decode(hex("07")), "0");
  for (const padding of ["00", "06", "03"]) assert.equal(decode(hex(padding)), undefined, padding);
  assert.equal(decode(hex("07ff")), undefined, "11 bits of padding");
  assert.equal(decode(hex("ff")), undefined, "8 bits of padding behind nothing");
  // "<" has 15 bits, one short of two bytes; "&" has 8 and needs no padding.
  assert.equal(decode(hex("fff9")), "<");
  assert.equal(decode(hex("fff8")), undefined);
  assert.equal(decode(hex("f8")), "&");
  assert.equal(decode(hex("f8ff")), undefined);
});

test("a string that contains the end of string is malformed", () => {
  assert.equal(decode(hex("ffffffff")), undefined);
  assert.equal(decode(hex("fffffffc")), undefined);
  assert.equal(decode(bits(`${"1".repeat(30)}00000`)), undefined);
  assert.equal(decode(bits(`00000${"1".repeat(30)}`)), undefined);
});

test("any bytes are decoded to what encodes to them, or not at all", () => {
  let decoded = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
      const text = decode(Buffer.from(bytes));
      if (text === undefined) return;
      decoded++;
      assert.deepEqual(encode(Buffer.from(text, "latin1")), Buffer.from(bytes));
    }),
    { numRuns: 2000 },
  );
  assert.ok(decoded > 100, `${decoded} strings were decoded`);
});

function decode(bytes: Buffer): string | undefined {
  return decodeHuffman(bytes, 0, bytes.length);
}

function encode(text: Uint8Array): Buffer {
  return bits(Array.from(text, (symbol) => codes()[symbol]).join(""));
}

/** Bytes from binary digits, padded with ones. */
function bits(digits: string): Buffer {
  const padded = digits.padEnd(Math.ceil(digits.length / 8) * 8, "1");
  return Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

let known: string[] | undefined;

/** Each symbol's code in binary digits, from the lengths. */
function codes(): readonly string[] {
  if (known !== undefined) return known;
  known = [];
  let next = 0n;
  for (let length = 1; length <= 30; length++) {
    next <<= 1n;
    for (const [symbol, itsLength] of CODE_LENGTHS.entries()) {
      if (itsLength === length) known[symbol] = (next++).toString(2).padStart(length, "0");
    }
  }
  return known;
}
