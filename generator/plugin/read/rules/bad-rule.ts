import type { PluginOptions } from "../../plugin-options.js";
import type { Diagnostics, Position } from "../diagnostics.js";

/** Reports a mistake in a rule as an error, or as a warning with the plugin option `bad_rules=skip`. */
export function reportBadRule(
  { badRules }: PluginOptions,
  diagnostics: Diagnostics,
  position: Position,
  message: string,
): void {
  if (badRules === "reject") diagnostics.error(position, message);
  else diagnostics.warn(position, `${message}; this binding is left out`);
}
