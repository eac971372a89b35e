const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;

/** How long to wait before one more try, in milliseconds: longer each time, and not the same for all. */
export function retryDelay(tries: number): number {
  return (Math.min(FIRST_DELAY * 2 ** tries, LONGEST_DELAY) * (1 + Math.random())) / 2;
}

/** Waits, in milliseconds, or until the signal is aborted. */
export function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, delay);
    signal.addEventListener("abort", over);
    if (signal.aborted) over();
  });
}
