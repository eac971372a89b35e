import type { Option } from "../options/option.js";
import { milliseconds } from "../options/option-kinds.js";

/** How long calls may finish when a gateway closes. */
export const CLOSE_GRACE: Option<number> = milliseconds({
  text: "how long calls may finish when the gateway closes",
}).or(10_000);

/** @throws TypeError if it is no such time */
export function readGrace(grace: number | undefined): number {
  return CLOSE_GRACE.readArgument(grace, "grace");
}
