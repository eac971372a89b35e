const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
/** The longest pause, in milliseconds: a week. A timer cannot wait for more than a few weeks. */
const LONGEST_PAUSE = 7 * 24 * 3_600_000;

/**
 * Returns the delay before the next attempt, in milliseconds. It grows exponentially and is randomized.
 *
 * @param asked the delay that the server asks for, in milliseconds
 */
export function retryDelay(tries: number, asked = 0): number {
  const delay = (Math.min(FIRST_DELAY * 2 ** tries, LONGEST_DELAY) * (1 + Math.random())) / 2;
  return Math.max(delay, Math.min(asked, LONGEST_DELAY));
}

/** Waits for a number of milliseconds, at most a week, or until the signal is aborted. */
export function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, Math.min(delay, LONGEST_PAUSE));
    signal.addEventListener("abort", over);
    if (signal.aborted) over();
  });
}
