/*
 * Base64 as in the JSON mapping (RFC 4648). It is written in the standard alphabet with padding, and read in the
 * standard or the URL-safe alphabet, with or without padding. Node's own decoder skips invalid characters, which could
 * shorten a key.
 */

declare global {
  // The encoders behind Node's `toString` and `write`. Those methods look up the encoding and validate their arguments,
  // which takes as long as encoding a kibibyte.
  interface Buffer {
    base64Slice(start: number, end: number): string;
    latin1Write(text: string, offset: number, length: number): number;
  }
}

const ALPHABET = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const PAD = 0x3d;

/** The two characters for each twelve bits, as the low half of a little-endian 32-bit word. */
const FIRST = Uint16Array.from(
  { length: 4096 },
  (_, bits) => ALPHABET.readUInt8(bits >> 6) | (ALPHABET.readUInt8(bits & 63) << 8),
);

/** The same as the high half, which saves a shift. */
const SECOND = Uint32Array.from(FIRST, (pair) => pair * 2 ** 16);

/** The length in bytes from which Node's encoder is faster. */
const LONG = 512;

/** Returns the length of the base64 text for a number of bytes. */
export function base64Length(bytes: number): number {
  return (((bytes + 2) / 3) | 0) * 4;
}

/**
 * Writes the bytes from `from` up to `to` as base64 and returns the position after the text.
 *
 * @param words a view of the same bytes
 * @param view a view of `out`
 */
export function writeBase64(
  bytes: Buffer,
  words: DataView,
  from: number,
  to: number,
  out: Buffer,
  view: DataView,
  at: number,
): number {
  if (to - from >= LONG) return at + out.latin1Write(bytes.base64Slice(from, to), at, base64Length(to - from));
  // Reads three words of four bytes instead of twelve single bytes.
  for (const last = to - 12; from <= last; from += 12, at += 16) {
    const a = words.getUint32(from);
    const b = words.getUint32(from + 4);
    const c = words.getUint32(from + 8);
    view.setUint32(at, (FIRST[a >>> 20] ?? 0) | (SECOND[(a >>> 8) & 0xfff] ?? 0), true);
    view.setUint32(at + 4, (FIRST[((a & 0xff) << 4) | (b >>> 28)] ?? 0) | (SECOND[(b >>> 16) & 0xfff] ?? 0), true);
    view.setUint32(at + 8, (FIRST[(b >>> 4) & 0xfff] ?? 0) | (SECOND[((b & 0xf) << 8) | (c >>> 24)] ?? 0), true);
    view.setUint32(at + 12, (FIRST[(c >>> 12) & 0xfff] ?? 0) | (SECOND[c & 0xfff] ?? 0), true);
  }
  const whole = to - ((to - from) % 3);
  for (; from < whole; from += 3, at += 4) {
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    view.setUint32(at, (FIRST[bits >> 12] ?? 0) | (SECOND[bits & 0xfff] ?? 0), true);
  }
  if (from === to) return at;
  const one = to - from === 1;
  const bits = ((bytes[from] ?? 0) << 16) | (one ? 0 : (bytes[from + 1] ?? 0) << 8);
  view.setUint32(at, (FIRST[bits >> 12] ?? 0) | (SECOND[bits & 0xfff] ?? 0), true);
  if (one) view.setUint8(at + 2, PAD);
  view.setUint8(at + 3, PAD);
  return at + 4;
}

/** The flag of characters that only the standard alphabet has (`+` and `/`). */
const STANDARD = 0x40;
/** The flag of characters that only the URL-safe alphabet has (`-` and `_`). */
const URL_SAFE = 0x80;
/** Values from this one on are not digits. */
const SPECIAL = 0xc0;
/** A carriage return or line feed. Go's decoder skips both, and clients of etcd rely on that. */
const LINE_BREAK = 0xc1;

const VALUES = new Uint8Array(256).fill(SPECIAL);
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value;
for (const [character, value] of [
  ["+", 62 | STANDARD],
  ["/", 63 | STANDARD],
  ["-", 62 | URL_SAFE],
  ["_", 63 | URL_SAFE],
  ["\r", LINE_BREAK],
  ["\n", LINE_BREAK],
] as const)
  VALUES[character.charCodeAt(0)] = value;

/**
 * Decodes base64 text from `from` up to `to` and writes the bytes at `at`. The output must have room for three bytes
 * per four characters, plus three more. Returns the position after the bytes, or `-1 - n` if the text is not base64,
 * where `n` is the position of the error.
 *
 * @param lineBreaks whether to skip line breaks instead of reporting them as errors
 */
export function readBase64(
  text: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
  lineBreaks: boolean,
): number {
  let alphabets = 0;
  for (; from + 4 <= to; from += 4, at += 3) {
    const a = VALUES[text[from] ?? 0] ?? SPECIAL;
    const b = VALUES[text[from + 1] ?? 0] ?? SPECIAL;
    const c = VALUES[text[from + 2] ?? 0] ?? SPECIAL;
    const d = VALUES[text[from + 3] ?? 0] ?? SPECIAL;
    const all = alphabets | a | b | c | d;
    if (all >= SPECIAL) break;
    alphabets = all;
    out[at] = (a << 2) | ((b & 0x30) >> 4);
    out[at + 1] = (b << 4) | ((c & 0x3c) >> 2);
    out[at + 2] = (c << 6) | (d & 0x3f);
  }
  return readBase64Slowly(text, from, to, out, at, lineBreaks, alphabets);
}

/** Decodes the end of the text, or text with line breaks, digit by digit. */
function readBase64Slowly(
  text: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
  lineBreaks: boolean,
  alphabets: number,
): number {
  let bits = 0;
  let digits = 0;
  let pads = 0;
  for (; from < to; from++) {
    const character = text[from] ?? 0;
    const value = VALUES[character] ?? SPECIAL;
    if (value === LINE_BREAK && lineBreaks) continue;
    if (character === PAD && digits + pads < 4 && digits >= 2) {
      pads++;
      continue;
    }
    alphabets |= value;
    if (alphabets >= SPECIAL || pads > 0) return -1 - from;
    bits = (bits << 6) | (value & 0x3f);
    digits++;
    if (digits === 4) {
      out[at] = bits >> 16;
      out[at + 1] = bits >> 8;
      out[at + 2] = bits;
      at += 3;
      bits = 0;
      digits = 0;
    }
  }
  if (digits === 1 || (pads > 0 && digits + pads !== 4)) return -1 - to;
  if (digits === 2) out[at++] = bits >> 4;
  if (digits === 3) {
    out[at++] = bits >> 10;
    out[at++] = bits >> 2;
  }
  return at;
}

/** Whether base64 text from `start` up to `end` uses the standard alphabet and has complete padding. */
export function isStandardBase64(text: Uint8Array, start: number, end: number): boolean {
  let characters = 0;
  for (let at = start; at < end; at++) {
    const value = VALUES[text[at] ?? 0] ?? SPECIAL;
    if (value !== LINE_BREAK) characters++;
    if (value < SPECIAL && (value & URL_SAFE) !== 0) return false;
  }
  return characters % 4 === 0;
}
