import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOutput, type RunnerResult } from "./runner.js";
import { emptyTally, type OwnCount } from "./tally.js";
import { complaints } from "./verdict.js";

const passed = "CONFORMANCE SUITE PASSED: 30 successes, 5 skipped, 0 expected failures, 0 unexpected failures.";
const own: OwnCount = {
  answered: { ...emptyTally(), "json->json": 10, "json->wire": 10, "wire->json": 10 },
  skipped: { ...emptyTally(), "wire->wire": 5 },
};

test("a run without failures that has all the tests is good", () => {
  assert.deepEqual(complaints(parsed(`x\n${passed}\n`), own, 30), []);
});

test("the summaries of the runner's suites add up", () => {
  const text = "CONFORMANCE SUITE FAILED: 1 successes, 2 skipped, 3 expected failures, 4 unexpected failures.";
  const result = parsed(`ERROR, test=A: bad\n${text}\nother\n${passed}\n`);
  assert.deepEqual(result, {
    passed: false,
    successes: 31,
    skipped: 7,
    failures: 7,
    failureMessages: ["ERROR, test=A: bad"],
  });
});

test("output without a summary is not a result", () => {
  assert.equal(parseOutput("CONFORMANCE TEST BEGIN ===\nkilled\n"), undefined);
});

test("a failure fails the run", () => {
  assert.match(complaints({ ...parsed(passed), successes: 29, failures: 1 }, own, 29).join(), /1 tests/);
});

test("fewer successes than recorded fail the run", () => {
  assert.match(complaints(parsed(passed), own, 31).join(), /30 successes are fewer than the 31/);
});

test("a program that skips everything fails the run, although the runner passes it", () => {
  const skipped = { ...emptyTally(), "json->json": 10, "json->wire": 10, "wire->json": 10 };
  const result = parsed(
    "CONFORMANCE SUITE PASSED: 0 successes, 30 skipped, 0 expected failures, 0 unexpected failures.",
  );
  assert.equal(complaints(result, { answered: emptyTally(), skipped }, 0).length, 6);
});

test("successes that the program did not count itself fail the run", () => {
  assert.match(complaints({ ...parsed(passed), successes: 31 }, own, 30).join(), /30 tests got responses/);
});

function parsed(output: string): RunnerResult {
  const result = parseOutput(output);
  assert.ok(result);
  return result;
}
