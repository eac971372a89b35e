import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

/** The longest wait, in milliseconds: far longer than a busy machine needs. */
const LIMIT = 60_000;

/**
 * Waits until a condition holds, and fails if it does not within a minute.
 *
 * @param what what is awaited, for the error
 */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + LIMIT;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `not within ${LIMIT / 1000} s: ${what}`);
    await delay(10);
  }
}
