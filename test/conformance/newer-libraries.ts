import { join } from "node:path";
import { withScratch } from "../etcd-server/kept-servers.js";
import { Apt } from "../etcd-server/obtain/apt.js";
import { runCommand } from "../etcd-server/obtain/run-command.js";
import { keepFolder } from "./keep.js";

/** The suite of Debian that has libraries new enough for the runner, and the packages that it needs of it. */
const debianSuite = "trixie";
const packages = ["libc6", "libgcc-s1", "libstdc++6"];

/**
 * The command that starts the runner: itself if this machine's C and C++ libraries are new enough for it, which
 * Debian's are from 13 on; otherwise the loader of a newer Debian with that one's libraries, taken from the mirror in
 * use here, unpacked into `cache`, and not installed.
 *
 * @throws Error if the runner does not start.
 */
export async function runnerCommand(runner: string, cache: string, log: (line: string) => void): Promise<string[]> {
  const problem = await problemOf([runner]);
  if (problem === undefined) return [runner];
  if (process.platform !== "linux") throw new Error(problem);
  try {
    const root = await keepFolder(join(cache, debianSuite), (draft) => unpackLibraries(draft, log));
    const libraries = join(root, "usr", "lib", "x86_64-linux-gnu");
    const command = [join(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries, runner];
    const newProblem = await problemOf(command);
    if (newProblem !== undefined) throw new Error(newProblem);
    return command;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${problem}; newer libraries from Debian ${debianSuite}: ${reason}`, { cause: error });
  }
}

/** Why the runner does not start; `undefined` if it does. It has no option that makes it end well without a test. */
async function problemOf([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  try {
    await runCommand(program, [...args, "--help"], { timeout: 20_000 });
  } catch (error) {
    const { cause, message } = error instanceof Error ? error : new Error(String(error));
    return cause instanceof Error && cause.message.includes("Usage: conformance-test-runner") ? undefined : message;
  }
  return undefined;
}

async function unpackLibraries(root: string, log: (line: string) => void): Promise<void> {
  await withScratch(root, async (scratch) => {
    log(`unpacking the C and C++ libraries of Debian ${debianSuite}`);
    const mirror =
      (await Apt.onMachineLists(runCommand).mirror()) ??
      (await (await Apt.onFreshLists(runCommand, join(scratch, "lists"))).mirror());
    if (mirror === undefined) throw new Error("the package sources of this machine name no mirror of Debian");
    const apt = await Apt.onSuite(runCommand, join(scratch, `lists-${debianSuite}`), mirror, debianSuite);
    for (const name of packages) {
      await runCommand("dpkg", ["-x", await apt.download(name, join(scratch, name)), root]);
    }
  });
}
