import { appendFileSync, readFileSync } from "node:fs";
import { type Direction, directions } from "./direction.js";

/** How many tests there were in each direction. */
export type Tally = Readonly<Record<Direction, number>>;

/** What the program under test has counted of itself: the runner does not tell directions apart. */
export interface OwnCount {
  /** Tests answered with a message or with the error that it gives. */
  readonly answered: Tally;
  readonly skipped: Tally;
}

/** Counts from zero. */
export function emptyTally(): Record<Direction, number> {
  return { "json->json": 0, "json->wire": 0, "wire->json": 0, "wire->wire": 0, text: 0, jspb: 0 };
}

/** The sum over all directions. */
export function total(tally: Tally): number {
  return directions.reduce((sum, direction) => sum + tally[direction], 0);
}

/** Adds a count to the file: the runner starts the program once for each of its suites. */
export function recordCount(file: string, count: OwnCount): void {
  appendFileSync(file, `${JSON.stringify(count)}\n`);
}

/** The sum of all counts in the file. */
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
