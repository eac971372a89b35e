import type { Goal } from "./report.js";

/** Writes a measure with its unit. */
export type Format = (value: number) => string;

/** A measure that is to be so high, or higher. */
export function atLeast(what: string, limit: number, measured: number, format: Format): Goal {
  return { what, wanted: `≥ ${format(limit)}`, measured: format(measured), isMet: measured >= limit };
}

/** A measure that is to be so low, or lower. */
export function atMost(what: string, limit: number, measured: number, format: Format): Goal {
  return { what, wanted: `≤ ${format(limit)}`, measured: format(measured), isMet: measured <= limit };
}
