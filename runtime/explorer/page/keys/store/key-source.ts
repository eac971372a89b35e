import type { Binary } from "../../bytes/binary.js";

/** A part of a range of keys, without their values. */
export interface Scan {
  /** In the order of their bytes. */
  readonly keys: readonly Binary[];
  /** Whether there are more of them in the range. */
  readonly more: boolean;
  /** How many keys the whole range has. */
  readonly count: number;
  /** The store's revision. */
  readonly revision: bigint;
}

/** Where a tree has its keys from. */
export interface KeySource {
  /**
   * Gets the first keys of a range.
   *
   * @param end not included; `"\0"` for none
   */
  scan(start: Binary, end: Binary, limit: number): Promise<Scan>;
}
