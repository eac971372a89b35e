/**
 * The longest interval between pings that complaints of a server lead to, in milliseconds. A server that complains of
 * every connection would otherwise end the check for silent connections for good.
 */
const MOST = 5 * 60_000;

/** Returns the interval between pings after a server has complained of too many, in milliseconds. Never a shorter one. */
export function longerPingInterval(interval: number): number {
  return Math.max(interval, Math.min(interval * 2, MOST));
}
