import { type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";

/** The summary of the runner, over all its suites. */
export interface RunnerResult {
  /** Whether the runner reports success. It also does so for a program that skips everything. */
  readonly passed: boolean;
  readonly successes: number;
  readonly skipped: number;
  readonly failures: number;
  /** The runner's message for each failure. */
  readonly failureMessages: readonly string[];
}

/** The time limit for all tests, in milliseconds. */
const timeLimit = 180_000;

/**
 * Runs the suite, recommended tests enforced, against the program under test. What the runner writes goes to the file
 * `log`: in a pipe it gets lost when the program, which has the same one, makes it non-blocking, as Node.js does.
 *
 * @throws Error if the runner ends without its summary or takes too long.
 */
export async function runSuite(
  runner: readonly string[],
  maximumEdition: string,
  testee: readonly string[],
  log: string,
): Promise<RunnerResult> {
  const [program = "", ...args] = runner;
  const options = ["--enforce_recommended", "--maximum_edition", maximumEdition];
  const output = openSync(log, "w");
  // Nothing comes by the last pipe; it closes when the runner and all programs that it started have ended.
  const stdio: StdioOptions = ["ignore", "ignore", output, "pipe"];
  const child = spawn(program, [...args, ...options, ...testee], { stdio });
  closeSync(output);
  const overtime = setTimeout(() => child.kill("SIGKILL"), timeLimit);
  const [code, signal]: unknown[] = await once(child, "close");
  clearTimeout(overtime);
  const text = readFileSync(log, "utf8");
  const result = parseOutput(text);
  if (result === undefined) {
    throw new Error(
      `the runner ended without a summary (${String(signal ?? code)}); its last words:\n${text.slice(-2_000)}`,
    );
  }
  return { ...result, passed: result.passed && code === 0 };
}

/** Reads what the runner writes; `undefined` if it has no summary, of which there is one a suite. */
export function parseOutput(output: string): RunnerResult | undefined {
  const summaries = [
    ...output.matchAll(
      /^CONFORMANCE SUITE (PASSED|FAILED): (\d+) successes, (\d+) skipped, (\d+) expected failures, (\d+) unexpected failures\.$/gm,
    ),
  ];
  if (summaries.length === 0) return undefined;
  const sum = (group: number): number => summaries.reduce((total, summary) => total + Number(summary[group]), 0);
  return {
    passed: summaries.every((summary) => summary[1] === "PASSED"),
    successes: sum(2),
    skipped: sum(3),
    failures: sum(4) + sum(5),
    failureMessages: output.split("\n").filter((line) => line.startsWith("ERROR, test=")),
  };
}
