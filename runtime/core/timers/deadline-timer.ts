import { LONGEST_DELAY } from "./longest-delay.js";
import { monotonicTime } from "./monotonic-time.js";

/**
 * Starts a timer for a deadline. A deadline that has passed fires on a later turn of the event loop, and one that is
 * more than 24.8 days away fires after 24.8 days, the longest delay of a timer.
 *
 * @param deadline a time of {@link monotonicTime}
 */
export function deadlineTimer(deadline: number, onDeadline: () => void): NodeJS.Timeout {
  return setTimeout(onDeadline, Math.min(deadline - monotonicTime(), LONGEST_DELAY));
}
