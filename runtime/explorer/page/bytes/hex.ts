/** The number of bytes per line. */
export const BYTES_A_LINE = 16;

/** Writes bytes as pairs of hexadecimal digits, 16 per line. */
export function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += BYTES_A_LINE) {
    const line = bytes.subarray(start, start + BYTES_A_LINE);
    lines.push(Array.from(line, (byte) => byte.toString(16).padStart(2, "0")).join(" "));
  }
  return lines.join("\n");
}

/**
 * Reads pairs of hexadecimal digits, with or without white space.
 *
 * @throws SyntaxError for any other text
 */
export function bytesOfHex(text: string): Uint8Array {
  const stray = /[^0-9a-fA-F\s]/.exec(text);
  if (stray !== null) throw new SyntaxError(`${JSON.stringify(stray[0])} is not a hexadecimal digit`);
  const digits = text.replace(/\s+/g, "");
  if (digits.length % 2 !== 0) throw new SyntaxError("the last byte has one digit: write two, such as 0a");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Returns the ASCII characters of bytes, with a dot for each byte that has none. */
export function asciiOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
}
