import { thrownText } from "./thrown-text.js";

/**
 * Emits a warning of the process for an error that code of the app has thrown, and that affects at most one response.
 * Never throws, whatever the value is.
 *
 * @param what what has failed, e.g. `onError failed`
 */
export function warnOf(what: string, thrown: unknown): void {
  const { message, stack } = thrownText(thrown);
  process.emitWarning(`${what}: ${message}`, { type: "GatewayWarning", detail: stack });
}
