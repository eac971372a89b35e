import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UpdateError } from "../update-error.js";

/** The files of an etcd source tree, from any source. */
export interface SourceTree {
  /** The name of the tree in messages: its folder or its address. */
  readonly name: string;
  /**
   * Returns the text of a file, or undefined if it does not exist. The path is relative to the root of the tree, with
   * slashes.
   *
   * @throws UpdateError if the file cannot be read.
   */
  read(path: string): Promise<string | undefined>;
}

/**
 * Returns the tree in a folder.
 *
 * @throws UpdateError if it is not a folder or cannot be read.
 */
export async function folderTree(folder: string): Promise<SourceTree> {
  const found = await stat(folder).catch((error: unknown) => {
    throw new UpdateError(`cannot read ${folder}: ${reason(error)}`);
  });
  if (!found.isDirectory()) {
    throw new UpdateError(`${folder} is not a folder: expected the root folder of an etcd source tree`);
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

/**
 * Decodes the bytes of a proto file.
 *
 * @throws UpdateError if they are not UTF-8, which proto files must be.
 */
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
        return "the folder does not exist";
      case "EACCES":
      case "EPERM":
        return "permission denied";
    }
  }
  return error instanceof Error ? error.message : String(error);
}
