import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { CommandProcess } from "../command-process.js";

/** Why tests of workers are skipped; `false`: they are not. */
export const SKIP_WORKERS = process.platform !== "linux" && "only Linux tells of processes' children";

/** The workers of a command, as Linux tells. A loader of TypeScript may have processes, too. */
export function workersOf({ pid }: CommandProcess): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return children.filter(isWorker);
}

/** A child may end while it is looked at. */
function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").includes("NODE_UNIQUE_ID=");
  } catch {
    return false;
  }
}

/** Resolves when a process has ended. Of one that nobody waits for, something is left: a zombie. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20);
}

function isAlive(pid: number): boolean {
  try {
    // The state is behind the name, which may have anything in it.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
