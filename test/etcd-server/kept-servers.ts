import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { etcdVersion } from "./obtain/etcd-version.js";
import { type EtcdBinary, type EtcdRequest, isVersionWanted } from "./obtain/request.js";

/** Where servers are kept between runs; git ignores it. */
export const defaultKeepFolder: string = fileURLToPath(new URL("../../.cache/etcd/", import.meta.url));

/** What an executable is called on this platform. */
export const executableName: string = process.platform === "win32" ? "etcd.exe" : "etcd";

/** The newest server kept that meets the request. One that does not run here is passed over. */
export async function findKept(folder: string, request: EtcdRequest): Promise<EtcdBinary | undefined> {
  const names = await readdir(folder).catch(() => []);
  const newestFirst = names
    .filter((name) => isWanted(name, request))
    .sort(byVersion)
    .reverse();
  for (const name of newestFirst) {
    const path = join(folder, name, executableName);
    const version = await etcdVersion(path).catch(() => undefined);
    if (version !== undefined) return { path, version, source: `kept ${name}` };
  }
  return undefined;
}

/**
 * Keeps a copy of a server under the name of its origin, `release` or a Debian suite. It appears as a whole or not at
 * all, whoever else keeps the same one at the same time.
 *
 * @returns The path of the kept executable.
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
    // A folder cannot be renamed onto one that has something in it: another process was first, or a broken one is there.
    await etcdVersion(path).catch(() => {
      throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}

/** A folder for the work of obtaining, on the same file system, removed afterwards. */
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
