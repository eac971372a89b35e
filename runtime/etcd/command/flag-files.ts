import { readFileSync } from "node:fs";
import { FlagError } from "./flag-error.js";

/** A certificate with its key, PEM. */
export interface CertificatePair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The content of a PEM file that a flag names.
 *
 * @throws FlagError if it cannot be read, or is none
 */
export function readPem(file: string, flag: string): Buffer {
  const content = readFlagFile(file, flag);
  if (!content.includes("-----BEGIN ")) throw new FlagError(`--${flag}: ${JSON.stringify(file)} is not a PEM file`);
  return content;
}

/**
 * Reads `NAME:PASSWORD`; the password may have colons. A line break at the end is the editor's.
 *
 * @throws FlagError if it cannot be read, or is something else
 */
export function readCredentials(file: string, flag: string): { user: string; password: string } {
  const [, user, password] = /^([^:\r\n]+):([^\r\n]+)\r?\n?$/.exec(readFlagFile(file, flag).toString()) ?? [];
  if (user === undefined || password === undefined) {
    throw new FlagError(`--${flag}: ${JSON.stringify(file)} is not one line NAME:PASSWORD`);
  }
  return { user, password };
}

function readFlagFile(file: string, flag: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new FlagError(`--${flag}: cannot read ${JSON.stringify(file)}: ${reason}`);
  }
}
