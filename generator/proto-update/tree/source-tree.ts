import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UpdateError } from "../update-error.js";

/** The files of an etcd source tree, wherever they are. */
export interface SourceTree {
  /** What to call the tree in messages: its folder or its address. */
  readonly name: string;
  /**
   * The text of a file by its path from the root of the tree, with slashes; undefined if there is none.
   *
   * @throws UpdateError if there is one that cannot be read.
   */
  read(path: string): Promise<string | undefined>;
}

/**
 * The tree in a folder.
 *
 * @throws UpdateError if that is no folder that can be read.
 */
export async function folderTree(folder: string): Promise<SourceTree> {
  const found = await stat(folder).catch((error: unknown) => {
    throw new UpdateError(`cannot read ${folder}: ${reason(error)}`);
  });
  if (!found.isDirectory()) {
    throw new UpdateError(`${folder} is no folder; --from wants the root folder of an etcd source tree`);
  }
  return {
    name: folder,
    async read(path) {
      const file = join(folder, path);
      try {
        return decodeText(await readFile(file), file);
      } catch (error) {
        if (isMissing(error)) {
          return undefined;
        }
        throw error instanceof UpdateError ? error : new UpdateError(`cannot read ${file}: ${reason(error)}`);
      }
    },
  };
}

/** @throws UpdateError if the bytes are no UTF-8, which proto files must be. */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UpdateError(`${file} is not UTF-8 text`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function reason(error: unknown): string {
  if (error instanceof Error && "code" in error) {
    switch (error.code) {
      case "ENOENT":
        return "there is no such folder";
      case "EACCES":
      case "EPERM":
        return "permission denied";
    }
  }
  return error instanceof Error ? error.message : String(error);
}
