/** The number of bytes per line. */
export const BYTES_A_LINE = 16;

/** The digits of each byte. */
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Writes bytes as pairs of hexadecimal digits, 16 per line. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  bytes.forEach((byte, index) => {
    if (index > 0) text += index % BYTES_A_LINE === 0 ? "\n" : " ";
    text += PAIRS[byte];
  });
  return text;
}

/**
 * Reads pairs of hexadecimal digits, with or without white space.
 *
 * @throws SyntaxError for any other text
 */
export function bytesOfHex(text: string): Uint8Array {
  const stray = /[^0-9a-fA-F\s]/u.exec(text);
  if (stray !== null) throw new SyntaxError(`${JSON.stringify(stray[0])} is not a hexadecimal digit`);
  const bytes = new Uint8Array(text.length >> 1);
  let digits = 0;
  // An editor reads a megabyte after each key press: this is ten times as fast as to cut the text into pairs.
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Every digit is greater than every white space below U+0080, and less than all other white space.
    if (code < 0x30 || code > 0x66) continue;
    const digit = code < 0x40 ? code - 0x30 : (code & 0x0f) + 9;
    const index = digits++ >> 1;
    bytes[index] = ((bytes[index] ?? 0) << 4) | digit;
  }
  if (digits % 2 !== 0) throw new SyntaxError("the last byte has one digit: write two, such as 0a");
  return bytes.slice(0, digits / 2);
}

/** Returns the ASCII characters of bytes, with a dot for each byte that has none. */
export function asciiOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
}
