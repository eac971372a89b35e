import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { defaultKeepFolder, findKept } from "../kept-servers.js";
import { withLock } from "../lock.js";
import { unpackDebianPackage } from "./debian-package.js";
import { downloadRelease, officialReleases, type ReleaseSource } from "./official-release.js";
import { findOnPath } from "./path-lookup.js";
import { reportedVersion } from "./reported-version.js";
import { describeRequest, type EtcdBinary, type EtcdRequest, isVersionWanted } from "./request.js";
import { type RunCommand, runCommand } from "./run-command.js";

/** The options of {@link obtainEtcd}. */
export interface ObtainOptions extends EtcdRequest {
  /** Receives a line for each step and its result. */
  readonly log?: (line: string) => void;
  /** The folder that keeps servers between runs. The default is `.cache/etcd` in the project. */
  readonly folder?: string;
  /** The folders to search. The default is the environment's PATH. */
  readonly path?: string;
  /** Runs apt-get and dpkg. */
  readonly run?: RunCommand;
  /** The source of official releases. */
  readonly releases?: ReleaseSource;
}

/**
 * Finds or obtains an etcd server. The cheapest way is tried first: PATH, a server kept from an earlier run, Debian's
 * package (without installing it), etcd's official releases. Several processes can call this at once.
 *
 * @throws Error that lists each way, why it failed, and what to do
 */
export async function obtainEtcd(options: ObtainOptions = {}): Promise<EtcdBinary> {
  const { folder = defaultKeepFolder, log = () => {}, run = runCommand, releases = officialReleases } = options;
  const onHand = (await onPath(options, log)) ?? (await kept(options, folder, log));
  if (onHand !== undefined) return onHand;
  await mkdir(folder, { recursive: true });
  return withLock(join(folder, "lock"), async () => {
    const keptMeanwhile = await findKept(folder, options);
    if (keptMeanwhile !== undefined) return keptMeanwhile;
    const reasons: string[] = [];
    const ways: [string, () => Promise<EtcdBinary>][] = [
      ["Debian's package", () => unpackDebianPackage(folder, options, (line) => log(`Debian's package: ${line}`), run)],
      ["official release", () => release(options, folder, (line) => log(`official release: ${line}`), releases)],
    ];
    for (const [way, obtain] of ways) {
      try {
        const binary = await obtain();
        log(`${way}: etcd ${binary.version}, kept in ${relative(process.cwd(), binary.path)}`);
        return binary;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log(`${way}: none (${reason})`);
        reasons.push(`  ${way}: ${reason}`);
      }
    }
    throw new Error(
      `no ${describeRequest(options)} server found on PATH or in ${folder}, and none to be had:\n${reasons.join("\n")}\n` +
        "Put an etcd executable on PATH, or name a running server with ETCD_ENDPOINTS=host:port.",
    );
  });
}

async function onPath(options: ObtainOptions, log: (line: string) => void): Promise<EtcdBinary | undefined> {
  if (options.suite !== undefined) return undefined;
  const path = await findOnPath("etcd", options.path);
  if (path === undefined) {
    log("PATH: no etcd");
    return undefined;
  }
  const version = await reportedVersion(path).catch((error: unknown) => {
    log(`PATH: passed over (${error instanceof Error ? error.message : String(error)})`);
  });
  if (version === undefined) return undefined;
  const wanted = isVersionWanted(version, options);
  log(`PATH: ${path} is etcd ${version}${wanted ? "" : `, wanted is ${options.version}`}`);
  return wanted ? { path, version, source: "PATH" } : undefined;
}

async function kept(
  options: ObtainOptions,
  folder: string,
  log: (line: string) => void,
): Promise<EtcdBinary | undefined> {
  const binary = await findKept(folder, options);
  const place = relative(process.cwd(), folder);
  log(binary === undefined ? `kept in ${place}: none` : `kept in ${place}: etcd ${binary.version}`);
  return binary;
}

async function release(
  options: ObtainOptions,
  folder: string,
  log: (line: string) => void,
  source: ReleaseSource,
): Promise<EtcdBinary> {
  if (options.suite !== undefined) throw new Error(`skipped, Debian ${options.suite} was asked for`);
  return downloadRelease(folder, options, log, source);
}
