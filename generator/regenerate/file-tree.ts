import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** The files below a folder: contents by relative path, with `/`, sorted. */
export type FileTree = ReadonlyMap<string, Buffer>;

/** Reads all files below a folder. The result is empty if the folder does not exist. */
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

/** The changes that make one tree of files equal to another. */
export interface TreeChanges {
  /** The files that do not exist yet. */
  readonly missing: readonly string[];
  /** The files with different content. */
  readonly stale: readonly string[];
  /** The files that should not exist. */
  readonly extra: readonly string[];
}

/** Compares the actual files with the wanted files. */
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

/** Makes the files below a folder equal to a tree. Writes and removes only files that differ. */
export async function applyChanges(folder: string, wanted: FileTree, changes: TreeChanges): Promise<void> {
  for (const name of changes.extra) await removeFile(folder, name);
  for (const name of [...changes.missing, ...changes.stale]) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, wanted.get(name) ?? "");
  }
}

/** Removes a file, and the folders that become empty. */
async function removeFile(folder: string, name: string): Promise<void> {
  await rm(path.join(folder, name));
  for (let parent = path.dirname(name); parent !== "."; parent = path.dirname(parent)) {
    const left = await readdir(path.join(folder, parent));
    if (left.length > 0) return;
    await rmdir(path.join(folder, parent));
  }
}
