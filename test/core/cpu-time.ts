/**
 * The processor time that an action takes in this process, in milliseconds: on a busy machine much the same as on a quiet
 * one, other than the time of the clock.
 */
export function cpuTime(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
