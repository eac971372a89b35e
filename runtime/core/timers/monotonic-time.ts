/**
 * Returns the time in milliseconds since 1970, as the system's clock would show it if nobody had set that clock since
 * the process began. Deadlines are times of this clock, so that they do not move when the system's clock is set.
 */
export function monotonicTime(): number {
  return performance.timeOrigin + performance.now();
}
