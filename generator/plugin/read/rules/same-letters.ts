/** Whether two names differ in case and underscores alone, so that one was likely meant by the other. */
export function sameLetters(a: string, b: string): boolean {
  return a.replaceAll("_", "").toLowerCase() === b.replaceAll("_", "").toLowerCase();
}
