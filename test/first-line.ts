import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Returns the first line that a program writes to its standard output. Later lines are read and discarded.
 *
 * @throws Error if the program ends before it has written a line
 */
export function firstLine(program: ChildProcess): Promise<string> {
  const { stdout, spawnargs } = program;
  if (stdout === null) throw new Error("the program has no output");
  return new Promise((resolve, reject) => {
    program.once("error", reject);
    createInterface({ input: stdout })
      .once("line", resolve)
      .once("close", () => reject(new Error(`${spawnargs.join(" ")} ended before it wrote a line`)));
  });
}
