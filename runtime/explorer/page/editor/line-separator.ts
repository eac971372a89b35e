/**
 * What ends the lines of a text in an editor. If all end alike, it is that; else only line feeds end a line, and carriage
 * returns stand in the text as characters: an editor that unified them would change what nobody has touched.
 */
export function lineSeparatorOf(text: string): "\n" | "\r\n" {
  return text.includes("\r\n") && !/(?<!\r)\n|\r(?!\n)/.test(text) ? "\r\n" : "\n";
}
