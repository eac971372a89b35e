/** Returns the text of a thrown value, which may be a proxy, or have a getter, that throws. Never throws. */
export function thrownText(thrown: unknown): { readonly message: string; readonly stack: string } {
  try {
    const { message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { message: String(message), stack: String(stack) };
  } catch {
    return { message: "an error that cannot be read", stack: "" };
  }
}
