import type { Binary } from "../../bytes/binary.js";

/** A part of a range of keys, without their values. */
export interface Scan {
  /** The keys in byte order. */
  readonly keys: readonly Binary[];
  /** Whether the range has more keys. */
  readonly more: boolean;
  /** The number of keys in the whole range. */
  readonly count: number;
  /** The store's revision. */
  readonly revision: bigint;
}

/** The source of a tree's keys. */
export interface KeySource {
  /**
   * Reads the first keys of a range.
   *
   * @param end the exclusive end of the range; `"\0"` for no end
   */
  scan(start: Binary, end: Binary, limit: number): Promise<Scan>;
}
