import { readFileSync, writeFileSync } from "node:fs";

/** Linux reports CPU time in hundredths of a second (`USER_HZ`), on every architecture that Node.js supports. */
const MICROSECONDS_PER_TICK = 10_000;

/**
 * Returns the CPU time of a process and all its threads, user and system, in microseconds with a resolution of 10 ms.
 * Source: proc(5), `/proc/PID/stat`.
 *
 * @throws Error if there is no such process
 */
export function cpuTime(pid: number): number {
  const [, , , , , , , , , , , user, system] = statFields(pid);
  return (Number(user) + Number(system)) * MICROSECONDS_PER_TICK;
}

/**
 * Returns the CPU time of this process's ended children and their descendants, in microseconds with a resolution of 10
 * ms.
 */
export function endedChildrenCpuTime(): number {
  const [, , , , , , , , , , , , , user, system] = statFields("self");
  return (Number(user) + Number(system)) * MICROSECONDS_PER_TICK;
}

/** The fields after the process's name. The name can contain spaces and parentheses. */
function statFields(pid: number | "self"): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Returns the current memory of a process (its resident set), in bytes. */
export function residentMemory(pid: number): number {
  return statusBytes(pid, "VmRSS");
}

/** Returns the peak memory of a process since its start or since {@link resetPeakMemory}, in bytes. */
export function peakMemory(pid: number): number {
  return statusBytes(pid, "VmHWM");
}

/** Resets the peak of a process's memory. */
export function resetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function statusBytes(pid: number, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(kilobytes) * 1024;
}
