import type { Goal } from "./report.js";

/** Formats a measure with its unit. */
export type Format = (value: number) => string;

/** A goal for a measure that must reach a limit. */
export function atLeast(what: string, limit: number, measured: number, format: Format): Goal {
  return { what, wanted: `≥ ${format(limit)}`, measured: format(measured), isMet: measured >= limit };
}

/** A goal for a measure that must not exceed a limit. */
export function atMost(what: string, limit: number, measured: number, format: Format): Goal {
  return { what, wanted: `≤ ${format(limit)}`, measured: format(measured), isMet: measured <= limit };
}
