import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs `work` while no other process holds the same lock file. The lock of a dead process is taken over, in which case
 * two processes can run at once in rare cases. So the lock only avoids duplicate work, and the work itself must be
 * atomic.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const claim = `${file}.${process.pid}.${crypto.randomUUID()}`;
  await writeFile(claim, String(process.pid));
  try {
    while (!(await linked(claim, file))) {
      if (await isAbandoned(file)) await rm(file, { force: true });
      else await delay(50);
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(claim, { force: true });
  }
}

/**
 * Creates the lock file as a hard link. It appears together with its content, so no process can read an empty lock
 * file.
 */
async function linked(claim: string, file: string): Promise<boolean> {
  try {
    await link(claim, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, "utf8").catch(() => ""));
  if (owner === 0) return false;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
