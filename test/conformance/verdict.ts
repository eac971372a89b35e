import { directions, isRun } from "./direction.js";
import type { RunnerResult } from "./runner.js";
import { type OwnCount, total } from "./tally.js";

/** Returns the problems with a run's result, in words; an empty list if there are none. */
export function complaints(result: RunnerResult, own: OwnCount, recordedSuccesses: number): string[] {
  const found: string[] = [];
  if (result.failures > 0) found.push(`${result.failures} tests, named above`);
  else if (!result.passed) found.push("the runner says so");
  if (result.successes < recordedSuccesses) {
    found.push(`${result.successes} successes are fewer than the ${recordedSuccesses} in test/conformance/recorded.ts`);
  }
  // A program that skips everything passes the runner.
  for (const direction of directions.filter(isRun)) {
    if (own.answered[direction] === 0) found.push(`no test of ${direction} was run`);
    if (own.skipped[direction] > 0) found.push(`tests of ${direction} were skipped`);
  }
  const answered = total(own.answered);
  if (answered !== result.successes + result.failures) {
    found.push(`${answered} tests got responses, but the runner counts ${result.successes + result.failures}`);
  }
  return found;
}
