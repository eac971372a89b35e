/*
 * Integers in decimal, read exactly: never by way of a double, which holds no integers beyond 2^53.
 */

/**
 * The end of the number that begins at `at`, by JSON's grammar; or, if there is none, `-1 - n` where `n` is the place
 * where a digit is missing.
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

/** The most digits of a number that is read as an integer once zeros are taken off: none of 64 bits has more. */
const MAX_DIGITS = 20;

/**
 * Reads a JSON number as an integer: `1`, `-0`, `1.0` and `1.50e1` are integers. Returns `"fraction"` if it has a
 * fraction, `"range"` if it is too large for any 64-bit type. Takes time in proportion to its text, whatever the exponent.
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
  // How many zeros follow the significant digits; negative if there are digits behind the point.
  const zeros = whole.length + Number(exponent) - significant.length;
  if (zeros < 0) return "fraction";
  if (digits.length + zeros > MAX_DIGITS) return "range";
  const value = BigInt(digits + "0".repeat(zeros));
  return negative ? -value : value;
}

/** Not by a regular expression, which takes quadratic time for zeros that are not at the end. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/** Whether a JSON number has digits only, with no point and no exponent. */
export function isPlainInteger(text: Uint8Array, start: number, end: number): boolean {
  for (let at = text[start] === 0x2d ? start + 1 : start; at < end; at++) {
    const byte = text[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
