import { execFile } from "node:child_process";

/** Runs a program without a shell and returns its standard output. */
export type RunCommand = (program: string, args: readonly string[], options?: RunOptions) => Promise<string>;

/** The options of {@link RunCommand}. */
export interface RunOptions {
  /** The working folder. */
  readonly cwd?: string;
  /** The time limit, in milliseconds. The default is 120,000. */
  readonly timeout?: number;
}

/**
 * Runs a program to its end.
 *
 * @throws Error with the last line of the program's standard error, if it does not start, fails or exceeds the time
 *   limit
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
