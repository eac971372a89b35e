const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;

/** Names of fields whose values must not be logged. */
const SECRET = /passw|token|secret/i;

/** How far before a value to look for such a name, in bytes. */
const CONTEXT = 256;

/** The maximum length of an excerpt, in bytes. */
const EXCERPT = 32;

/**
 * Returns the beginning of the token at `at`, for an error's text. It does not show secrets, because errors are logged.
 *
 * @param path the path to the value, as {@link JsonError} has it
 */
export function tokenExcerpt(text: Buffer, at: number, path: string): string {
  // A stray quote in a secret ends its string too early. The rest of the secret then stands where no value is expected.
  const context = text.toString("latin1", Math.max(0, at - CONTEXT), at);
  if (SECRET.test(path) || SECRET.test(context)) return "a value that is not shown";
  let end = at + 1;
  if (text[at] === QUOTE) {
    while (end < text.length && text[end] !== QUOTE) end++;
    end++;
  } else while (isWordByte(text[end])) end++;
  const shown = text.toString("utf8", at, Math.min(end, at + EXCERPT));
  return end > at + EXCERPT ? `${shown}...` : shown;
}

/** Whether a number may begin with a byte. */
export function isNumberByte(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === MINUS);
}

/** Whether a byte may continue a number or a word. */
export function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return isNumberByte(byte) || (lower >= 0x61 && lower <= 0x7a) || byte === PLUS || byte === DOT;
}
