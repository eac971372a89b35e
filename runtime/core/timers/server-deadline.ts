import { monotonicTime } from "./monotonic-time.js";

/** How early a server's deadline may expire, because of a difference of clocks, in milliseconds. */
const EARLY = 100;

/**
 * Whether a call's deadline may have expired at the server, even if its timer is a little before ours. What the server
 * then says of the end of the call may not tell that.
 *
 * @param deadline a time of {@link monotonicTime}, or `undefined` for none
 */
export function hasServerDeadlineExpired(deadline: number | undefined): boolean {
  return deadline !== undefined && monotonicTime() >= deadline - EARLY;
}
