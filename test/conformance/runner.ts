import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** What the runner says at its end, over all of its suites. */
export interface RunnerResult {
  /** Whether the runner itself is content; it is so too with a program that skips everything. */
  readonly passed: boolean;
  readonly successes: number;
  readonly skipped: number;
  readonly failures: number;
  /** What the runner says of each failure. */
  readonly failureMessages: readonly string[];
}

/** How long all tests may take, in milliseconds. */
const timeLimit = 300_000;

/**
 * Runs the suite, recommended tests enforced, against the program under test.
 *
 * @throws Error if the runner ends without its summary or takes too long.
 */
export async function runSuite(
  runner: readonly string[],
  maximumEdition: string,
  testee: readonly string[],
): Promise<RunnerResult> {
  const [program = "", ...args] = runner;
  const options = ["--enforce_recommended", "--maximum_edition", maximumEdition];
  const child = spawn(program, [...args, ...options, ...testee], { stdio: ["ignore", "ignore", "pipe"] });
  const overtime = setTimeout(() => child.kill("SIGKILL"), timeLimit);
  const ended = once(child, "close");
  const output = await text(child.stderr);
  const [code, signal]: unknown[] = await ended;
  clearTimeout(overtime);
  const result = parseOutput(output);
  if (result === undefined) {
    throw new Error(
      `the runner ended without a summary (${String(signal ?? code)}); its last words:\n${output.slice(-2_000)}`,
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
