const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
/** The longest that a timer takes, in milliseconds; a longer one would be over at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How long to wait before one more try, in milliseconds: longer each time, and not the same for all. */
export function retryDelay(tries: number): number {
  return (Math.min(FIRST_DELAY * 2 ** tries, LONGEST_DELAY) * (1 + Math.random())) / 2;
}

/** Waits, in milliseconds but 24.8 days at most, or until the signal is aborted. */
export function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, Math.min(delay, LONGEST_TIMER));
    signal.addEventListener("abort", over);
    if (signal.aborted) over();
  });
}
