/**
 * Returns the CPU time of an action in this process, in milliseconds. Unlike elapsed time, it depends little on the
 * load of the machine.
 */
export function cpuTime(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
