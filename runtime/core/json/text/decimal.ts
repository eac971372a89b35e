/*
 * Decimal integers, read exactly. They are never rounded: a JavaScript number holds at most 15 digits here, and a bigint
 * holds more.
 */

/**
 * Returns the end of the number that begins at `at`, according to JSON's grammar. If the number is invalid, returns
 * `-1 - n`, where `n` is the position at which a digit is missing.
 */
export function numberEnd(text: Uint8Array, at: number): number {
  if (text[at] === 0x2d) at++;
  at = text[at] === 0x30 ? at + 1 : digitsEnd(text, at);
  if (at >= 0 && text[at] === 0x2e) at = digitsEnd(text, at + 1);
  if (at >= 0 && (text[at] === 0x65 || text[at] === 0x45)) {
    const sign = text[at + 1];
    at = digitsEnd(text, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
  }
  return at;
}

function digitsEnd(text: Uint8Array, start: number): number {
  let at = start;
  for (let byte = text[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = text[at] ?? 0) at++;
  return at === start ? -1 - at : at;
}

/** The maximum number of digits of an integer, not counting leading zeros. No 64-bit integer has more. */
const MAX_DIGITS = 20;

/**
 * Reads a JSON number as an integer: `1`, `-0`, `1.0` and `1.50e1` are integers. Returns `"fraction"` if it has a
 * fraction, and `"range"` if it is too large for any 64-bit type. The time is proportional to the length of the text,
 * for any exponent.
 */
export function readInteger(text: Uint8Array, start: number, end: number): number | bigint | "fraction" | "range" {
  const negative = text[start] === 0x2d;
  const first = negative ? start + 1 : start;
  if (end - first <= 15) {
    let value = 0;
    let at = first;
    for (; at < end; at++) {
      const digit = (text[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === end) return negative ? 0 - value : value;
  }
  return readScaled(Buffer.from(text.buffer, text.byteOffset + first, end - first).toString("latin1"), negative);
}

function readScaled(text: string, negative: boolean): number | bigint | "fraction" | "range" {
  const [mantissa = "", exponent = "0"] = text.split(/[eE]/);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const significant = withoutTrailingZeros(whole + fraction);
  const digits = significant.replace(/^0+/, "");
  if (digits === "") return 0;
  // The number of zeros after the significant digits. It is negative if there are digits after the decimal point.
  const zeros = whole.length + Number(exponent) - significant.length;
  if (zeros < 0) return "fraction";
  if (digits.length + zeros > MAX_DIGITS) return "range";
  const value = BigInt(digits + "0".repeat(zeros));
  return negative ? -value : value;
}

/** Removes trailing zeros. A regular expression would take quadratic time for zeros that are not at the end. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/** Whether a JSON number consists of digits only, without a decimal point and an exponent. */
export function isPlainInteger(text: Uint8Array, start: number, end: number): boolean {
  for (let at = text[start] === 0x2d ? start + 1 : start; at < end; at++) {
    const byte = text[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
