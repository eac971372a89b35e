import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * Reads a regular file, or one to which a link leads. Everything else could take for ever: a named pipe, for example,
 * waits for a writer, and with it the whole process.
 *
 * @throws Error if it is not a regular file; the errors of Node.js if it cannot be read
 */
export function readRegularFile(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error("it is not a regular file");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
