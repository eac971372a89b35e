/** Returns the text of a thrown value. It may be one that throws when it is read. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    return "an error that cannot be read";
  }
}
