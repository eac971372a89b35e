/** The names of the dialects. */
export const DIALECT_NAMES = ["v1", "v2"] as const;

/**
 * A family of etcd versions whose JSON gateways behave alike: `v1` is etcd 3.1 to 3.5, `v2` is 3.6 and later. See
 * docs/parity.md for the differences.
 */
export type DialectName = (typeof DIALECT_NAMES)[number];

/** One dialect for all paths, or one per path prefix, such as `{ "/v3": "v1" }`. */
export type DialectChoice = DialectName | Readonly<Record<string, DialectName>>;

/** Whether a text is the name of a dialect. */
export function isDialectName(text: string): text is DialectName {
  return DIALECT_NAMES.some((name) => name === text);
}
