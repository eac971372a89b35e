import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A program that has ended successfully. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Rejects with all its output if it fails. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  // A user's environment does not have the settings of this test run: conditions, loaders, npm's own settings.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_(?!EXTRA_CA_CERTS)|npm_(package|lifecycle|config_(?!cache|registry|userconfig)))/.test(name),
  );
  try {
    return await promisify(execFile)(program, args, {
      cwd,
      env: Object.fromEntries(inherited),
      maxBuffer: 64 * 2 ** 20,
    });
  } catch (error) {
    throw new Error(`${[program, ...args].join(" ")} failed in ${cwd}\n${outputOf(error)}`, { cause: error });
  }
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stdout = "stdout" in error ? String(error.stdout) : "";
  const stderr = "stderr" in error ? String(error.stderr) : "";
  return stdout + stderr;
}
