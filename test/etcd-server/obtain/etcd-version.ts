import { runCommand } from "./run-command.js";

/**
 * Asks an etcd executable for its version.
 *
 * @throws Error if it does not run on this machine or does not answer like etcd.
 */
export async function etcdVersion(path: string): Promise<string> {
  const output = await runCommand(path, ["--version"], { timeout: 20_000 });
  const version = /^etcd Version: (\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
  if (version === undefined) throw new Error(`${path} --version does not answer as etcd does`);
  return version;
}
