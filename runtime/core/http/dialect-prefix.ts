/** Whether a text can be the path prefix of a dialect: it begins with a slash, and does not end with one. */
export function isDialectPrefix(text: string): boolean {
  return /^\/.*[^/]$/.test(text);
}
