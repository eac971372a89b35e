import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs `work` while no other process that asks for the same lock file runs its own. The lock of a process that has died
 * is taken over. It saves work done twice; what must never break has to be atomic besides.
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

/** A hard link appears with its content, so nobody ever reads a lock file that says nothing. */
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
