import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Returns the resident memory of a process, in bytes. */
export async function residentMemory(pid: number | undefined): Promise<number> {
  const kilobytes =
    process.platform === "linux"
      ? /^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]
      : (await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)])).stdout;
  return Number(kilobytes) * 1024;
}
