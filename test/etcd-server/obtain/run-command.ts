import { execFile } from "node:child_process";

/** Runs a program without a shell and gives its standard output. */
export type RunCommand = (program: string, args: readonly string[], options?: RunOptions) => Promise<string>;

/** How a program is run. */
export interface RunOptions {
  /** Working directory. */
  readonly cwd?: string;
  /** Ends the program after so many milliseconds; 120,000 by default. */
  readonly timeout?: number;
}

/**
 * Runs a program to its end.
 *
 * @throws Error with the last line that the program wrote to standard error, if it cannot be started, fails or takes too long.
 */
export const runCommand: RunCommand = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const timeout = options.timeout ?? 120_000;
    const { cwd } = options;
    const env = { ...process.env, LC_ALL: "C" };
    execFile(program, args, { timeout, cwd, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const reason = error.killed ? `gave up after ${timeout / 1000} s` : (stderr.trim().split("\n").at(-1) ?? "");
      reject(new Error(`${program}: ${reason === "" ? error.message : reason}`, { cause: error }));
    });
  });
