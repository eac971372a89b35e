import { appendFileSync, readFileSync } from "node:fs";
import { type Direction, directions } from "./direction.js";

/** The number of tests in each direction. */
export type Tally = Readonly<Record<Direction, number>>;

/** Counts of the program under test. The runner does not count directions separately. */
export interface OwnCount {
  /** The tests with a message or an error as the response. */
  readonly answered: Tally;
  readonly skipped: Tally;
}

/** Returns a tally of zeros. */
export function emptyTally(): Record<Direction, number> {
  return { "json->json": 0, "json->wire": 0, "wire->json": 0, "wire->wire": 0, text: 0, jspb: 0 };
}

/** Returns the sum over all directions. */
export function total(tally: Tally): number {
  return directions.reduce((sum, direction) => sum + tally[direction], 0);
}

/** Appends a count to a file. The runner starts the program once for each of its suites. */
export function recordCount(file: string, count: OwnCount): void {
  appendFileSync(file, `${JSON.stringify(count)}\n`);
}

/** Returns the sum of all counts in a file. */
export function readCounts(file: string): OwnCount {
  const sum = { answered: emptyTally(), skipped: emptyTally() };
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const count: OwnCount = JSON.parse(line);
    for (const direction of directions) {
      sum.answered[direction] += count.answered[direction];
      sum.skipped[direction] += count.skipped[direction];
    }
  }
  return sum;
}
