/**
 * Emits a warning of the process for an error that code of the app has thrown, and that affects at most one response.
 *
 * @param what what has failed, e.g. `onError failed`
 */
export function warnOf(what: string, thrown: unknown): void {
  const { message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
  process.emitWarning(`${what}: ${message}`, { type: "GatewayWarning", detail: stack });
}
