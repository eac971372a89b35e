/**
 * Warns the process of something that an app has thrown, and that costs its client nothing, or one response.
 *
 * @param what what has failed, e.g. `onError failed`
 */
export function warnOf(what: string, thrown: unknown): void {
  const { message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
  process.emitWarning(`${what}: ${message}`, { type: "GatewayWarning", detail: stack });
}
