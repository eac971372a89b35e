import { readRegularFile } from "../regular-file.js";
import { FlagError } from "./flag-error.js";

/**
 * Reads a PEM file that a flag names.
 *
 * @throws FlagError if it cannot be read or is not a PEM file
 */
export function readPem(file: string, source: string): Buffer {
  const content = readFlagFile(file, source);
  if (!content.includes("-----BEGIN "))
    throw new FlagError(`invalid ${source} ${JSON.stringify(file)}: expected a PEM file`);
  return content;
}

/**
 * Reads a file with one line `NAME:PASSWORD`. The password may contain colons. A line break at the end is ignored,
 * because editors add it.
 *
 * @throws FlagError if it cannot be read or has another format
 */
export function readCredentials(file: string, source: string): { user: string; password: string } {
  const [, user, password] = /^([^:\r\n]+):([^\r\n]+)\r?\n?$/.exec(readFlagFile(file, source).toString()) ?? [];
  if (user === undefined || password === undefined) {
    throw new FlagError(`invalid ${source} ${JSON.stringify(file)}: expected one line NAME:PASSWORD`);
  }
  return { user, password };
}

/**
 * Reads a file that a flag names.
 *
 * @param source the name of the flag in errors
 * @throws FlagError if it cannot be read
 */
export function readFlagFile(file: string, source: string): Buffer {
  try {
    return readRegularFile(file);
  } catch (error) {
    const reason = error instanceof Error ? ("code" in error ? String(error.code) : error.message) : String(error);
    throw new FlagError(`${source}: cannot read ${JSON.stringify(file)}: ${reason}`);
  }
}
