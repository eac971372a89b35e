import { readFileSync } from "node:fs";
import path from "node:path";

/** A mistake in the user's folder that the user must mend first. The message names the file. */
export class UnusableFolderError extends Error {
  override readonly name = "UnusableFolderError";
}

/**
 * Reads a settings file in the user's folder.
 *
 * @param file the path relative to the folder
 * @throws {UnusableFolderError} if the file cannot be read or parsed
 */
export function readSettings(root: string, file: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(readFileSync(path.join(root, file), "utf8"));
  } catch (error) {
    // The YAML parser's messages continue with lines that quote the file.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new UnusableFolderError(`cannot read ${file}: ${reason.replace(/:$/, "")}`);
  }
}
