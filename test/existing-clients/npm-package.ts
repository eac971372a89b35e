import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../etcd-server/obtain/run-command.js";

const CACHE = fileURLToPath(new URL("../../.cache/clients", import.meta.url));

/**
 * Installs an npm package and its dependencies in a separate folder. Runs none of their scripts.
 *
 * @param spec the name and version: `name@1.2.3`
 * @returns the folder of its commands
 */
export async function npmPackage(spec: string): Promise<string> {
  const folder = join(CACHE, spec);
  const commands = join(folder, "node_modules", ".bin");
  if (await isThere(commands)) return commands;
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(join(CACHE, "scratch-"));
  try {
    const flags = ["--prefix", scratch, "--ignore-scripts", "--no-audit", "--no-fund"];
    await runCommand("npm", ["install", ...flags, spec]);
    // Another process may have been faster.
    await rename(scratch, folder).catch(async (error: unknown) => {
      if (!(await isThere(commands))) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return commands;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
