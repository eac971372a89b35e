import { readFileSync, writeFileSync } from "node:fs";

/** Linux counts CPU time for programs in hundredths of a second (`USER_HZ`), on every architecture that Node.js runs on. */
const MICROSECONDS_PER_TICK = 10_000;

/**
 * The CPU time, user and system, that a process and all its threads have taken, in microseconds, to 10 ms.
 * Source: proc(5), `/proc/PID/stat`.
 *
 * @throws Error if there is no such process
 */
export function cpuTime(pid: number): number {
  const [, , , , , , , , , , , user, system] = statFields(pid);
  return (Number(user) + Number(system)) * MICROSECONDS_PER_TICK;
}

/** The CPU time of the children that this process has seen end, and of theirs, in microseconds, to 10 ms. */
export function endedChildrenCpuTime(): number {
  const [, , , , , , , , , , , , , user, system] = statFields("self");
  return (Number(user) + Number(system)) * MICROSECONDS_PER_TICK;
}

/** The fields behind the process's name, which may have spaces and parentheses of its own. */
function statFields(pid: number | "self"): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** The memory that a process holds now (its resident set), in bytes. */
export function residentMemory(pid: number): number {
  return statusBytes(pid, "VmRSS");
}

/** The most memory that a process has held since its start or since {@link resetPeakMemory}, in bytes. */
export function peakMemory(pid: number): number {
  return statusBytes(pid, "VmHWM");
}

/** Forgets the peak of a process's memory until now. */
export function resetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function statusBytes(pid: number, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(kilobytes) * 1024;
}
