/** Whether two names differ only in case and underscores, so that one was probably meant by the other. */
export function sameLetters(a: string, b: string): boolean {
  return a.replaceAll("_", "").toLowerCase() === b.replaceAll("_", "").toLowerCase();
}
