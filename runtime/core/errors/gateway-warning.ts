/**
 * Emits a warning of the process for an error that code of the app has thrown, and that affects at most one response.
 *
 * @param what what has failed, e.g. `onError failed`
 */
export function warnOf(what: string, thrown: unknown): void {
  const { message, stack } = textOf(thrown);
  process.emitWarning(`${what}: ${message}`, { type: "GatewayWarning", detail: stack });
}

/** Reads an error, which may be a proxy, or have a getter, that throws. */
function textOf(thrown: unknown): { readonly message: string; readonly stack: string } {
  try {
    const { message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { message: String(message), stack: String(stack) };
  } catch {
    return { message: "an error that cannot be read", stack: "" };
  }
}
