import type { Option } from "../options/option.js";
import { milliseconds } from "../options/option-kinds.js";

/** How long unary calls may take to finish when a gateway closes. */
export const CLOSE_GRACE: Option<number> = milliseconds({
  text: "how long unary calls in progress may take to finish when the gateway closes",
}).or(10_000);

/**
 * Reads a grace period, in milliseconds.
 *
 * @throws TypeError if it is not valid
 */
export function readGrace(grace: number | undefined): number {
  return CLOSE_GRACE.readArgument(grace, "grace");
}
