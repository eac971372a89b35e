import { runCommand } from "./run-command.js";

/**
 * Runs an etcd executable to get its version.
 *
 * @throws Error if it does not run on this machine, or if its output is not that of etcd
 */
export async function reportedVersion(path: string): Promise<string> {
  const output = await runCommand(path, ["--version"], { timeout: 20_000 });
  const version = /^etcd Version: (\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
  if (version === undefined) throw new Error(`${path} --version does not print what etcd's does`);
  return version;
}
