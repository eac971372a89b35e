import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** The files below a folder: their contents by their paths from it, with `/`, sorted. */
export type FileTree = ReadonlyMap<string, Buffer>;

/** Reads every file below a folder; none if there is no such folder. */
export async function readTree(folder: string): Promise<FileTree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
  return new Map(
    await Promise.all(paths.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
}

/** What it takes to make one tree of files another. */
export interface TreeChanges {
  /** Not there yet. */
  readonly missing: readonly string[];
  /** There with another content. */
  readonly stale: readonly string[];
  /** There, though it should not be. */
  readonly extra: readonly string[];
}

/** Compares the files that are there with those that should be. */
export function compareTrees(actual: FileTree, wanted: FileTree): TreeChanges {
  const wantedPaths = [...wanted.keys()];
  return {
    missing: wantedPaths.filter((name) => !actual.has(name)),
    stale: wantedPaths.filter((name) => {
      const content = actual.get(name);
      return content !== undefined && !content.equals(wanted.get(name) ?? Buffer.alloc(0));
    }),
    extra: [...actual.keys()].filter((name) => !wanted.has(name)),
  };
}

/** Makes the files below a folder those of a tree, touching only what changes. */
export async function applyChanges(folder: string, wanted: FileTree, changes: TreeChanges): Promise<void> {
  for (const name of changes.extra) await removeFile(folder, name);
  for (const name of [...changes.missing, ...changes.stale]) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, wanted.get(name) ?? "");
  }
}

/** Removes a file, and the folders that are empty without it. */
async function removeFile(folder: string, name: string): Promise<void> {
  await rm(path.join(folder, name));
  for (let parent = path.dirname(name); parent !== "."; parent = path.dirname(parent)) {
    const left = await readdir(path.join(folder, parent));
    if (left.length > 0) return;
    await rmdir(path.join(folder, parent));
  }
}
