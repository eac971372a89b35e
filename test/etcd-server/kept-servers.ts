import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reportedVersion } from "./obtain/reported-version.js";
import { type EtcdBinary, type EtcdRequest, isVersionWanted } from "./obtain/request.js";

/** The folder that keeps servers between runs. git ignores it. */
export const defaultKeepFolder: string = fileURLToPath(new URL("../../.cache/etcd/", import.meta.url));

/** The name of etcd's executable on this platform. */
export const executableName: string = process.platform === "win32" ? "etcd.exe" : "etcd";

/** Finds the newest kept server that meets the request. Servers that do not run on this machine are skipped. */
export async function findKept(folder: string, request: EtcdRequest): Promise<EtcdBinary | undefined> {
  const names = await readdir(folder).catch(() => []);
  const newestFirst = names
    .filter((name) => isWanted(name, request))
    .sort(byVersion)
    .reverse();
  for (const name of newestFirst) {
    const path = join(folder, name, executableName);
    const version = await reportedVersion(path).catch(() => undefined);
    if (version !== undefined) return { path, version, source: `kept ${name}` };
  }
  return undefined;
}

/**
 * Keeps a copy of a server under the name of its origin: `release` or a Debian suite. The copy appears atomically, even
 * if other processes keep the same server at the same time.
 *
 * @returns the path of the kept executable
 */
export async function keep(folder: string, executable: string, origin: string, version: string): Promise<string> {
  const home = join(folder, `${origin}-${version}`);
  const path = join(home, executableName);
  const draft = await mkdtemp(join(folder, ".draft-"));
  try {
    await copyFile(executable, join(draft, executableName));
    await chmod(join(draft, executableName), 0o755);
    await chmod(draft, 0o755);
    await rename(draft, home);
  } catch (error) {
    // The target is a folder that is not empty: another process was first, or a broken copy is there.
    await reportedVersion(path).catch(() => {
      throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}

/** Creates a temporary folder on the same file system, and removes it when the work is done. */
export async function withScratch<T>(folder: string, work: (scratch: string) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, ".scratch-"));
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function isWanted(name: string, request: EtcdRequest): boolean {
  const { origin, version } = parseName(name);
  return (
    version !== "" && (request.suite === undefined || request.suite === origin) && isVersionWanted(version, request)
  );
}

function byVersion(a: string, b: string): number {
  return parseName(a).version.localeCompare(parseName(b).version, "en", { numeric: true }) || a.localeCompare(b, "en");
}

function parseName(name: string): { origin: string; version: string } {
  const [, origin = "", version = ""] = /^([\w-]+)-(\d+\.\d+\.\d+.*)$/.exec(name) ?? [];
  return { origin, version };
}
