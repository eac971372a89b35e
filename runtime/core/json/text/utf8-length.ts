/**
 * Returns the length of the UTF-8 sequence that begins at `at`: 1 to 4, or 0 if it is invalid (overlong, a surrogate,
 * beyond U+10FFFF, or cut off by `end`).
 *
 * @see https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/#G27506 (table 3-7)
 */
export function utf8Length(bytes: Uint8Array, at: number, end: number): 0 | 1 | 2 | 3 | 4 {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return 1;
  const second = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
  if (first < 0xe0) return first >= 0xc2 && isContinuation(second) ? 2 : 0;
  const third = at + 2 < end ? (bytes[at + 2] ?? 0) : 0;
  if (first < 0xf0) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(third) ? 3 : 0;
  }
  const fourth = at + 3 < end ? (bytes[at + 3] ?? 0) : 0;
  const low = first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xf4 ? 0x8f : 0xbf;
  const valid = first <= 0xf4 && second >= low && second <= high && isContinuation(third) && isContinuation(fourth);
  return valid ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
