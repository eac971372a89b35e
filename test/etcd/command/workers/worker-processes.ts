import { readFileSync } from "node:fs";
import { until } from "../../../until.js";
import type { CommandProcess } from "../command-process.js";

/** Why tests of workers are skipped; `false` if they are not. */
export const SKIP_WORKERS = process.platform !== "linux" && "only Linux tells of processes' children";

/** Returns the process IDs of a command's workers, from Linux's /proc. A TypeScript loader may also have processes. */
export function workersOf({ pid }: CommandProcess): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return children.filter(isWorker);
}

/** Whether a process is a worker. The process may end during the check. */
function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").includes("NODE_UNIQUE_ID=");
  } catch {
    return false;
  }
}

/** Resolves when a process has ended. If its parent does not wait for it, it remains as a zombie. */
export function gone(pid: number): Promise<void> {
  return until(() => !isAlive(pid), `the process ${pid} ends`);
}

/** Whether a process runs or is stopped. */
export function isAlive(pid: number): boolean {
  try {
    // The state follows the name, which may contain any characters.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
