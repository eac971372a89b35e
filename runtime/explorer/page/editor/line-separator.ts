/**
 * Returns the line separator for a text in an editor. It is CR LF only if all lines end with it. Otherwise it is LF,
 * and carriage returns stay in the text as characters, because an editor that unified them would change lines that the
 * user has not touched.
 */
export function lineSeparatorOf(text: string): "\n" | "\r\n" {
  return text.includes("\r\n") && !/(?<!\r)\n|\r(?!\n)/.test(text) ? "\r\n" : "\n";
}
