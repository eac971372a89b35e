import { readFileSync } from "node:fs";
import { FlagError } from "./flag-error.js";

/**
 * The content of a PEM file that a flag names.
 *
 * @throws FlagError if it cannot be read, or is none
 */
export function readPem(file: string, source: string): Buffer {
  const content = readFlagFile(file, source);
  if (!content.includes("-----BEGIN ")) throw new FlagError(`${source}: ${JSON.stringify(file)} is not a PEM file`);
  return content;
}

/**
 * Reads `NAME:PASSWORD`; the password may have colons. A line break at the end is the editor's.
 *
 * @throws FlagError if it cannot be read, or is something else
 */
export function readCredentials(file: string, source: string): { user: string; password: string } {
  const [, user, password] = /^([^:\r\n]+):([^\r\n]+)\r?\n?$/.exec(readFlagFile(file, source).toString()) ?? [];
  if (user === undefined || password === undefined) {
    throw new FlagError(`${source}: ${JSON.stringify(file)} is not one line NAME:PASSWORD`);
  }
  return { user, password };
}

/**
 * The content of a file that a flag names.
 *
 * @param source what named it, as errors have it
 * @throws FlagError if it cannot be read
 */
export function readFlagFile(file: string, source: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new FlagError(`${source}: cannot read ${JSON.stringify(file)}: ${reason}`);
  }
}
