import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ETCD_ORIGINS } from "../etcd-versions.js";
import { keep, withScratch } from "../kept-servers.js";
import { Apt } from "./apt.js";
import { reportedVersion } from "./reported-version.js";
import { type EtcdBinary, type EtcdRequest, isVersionWanted } from "./request.js";
import { type RunCommand, runCommand } from "./run-command.js";

/** A way to get the package: a suite and its package lists. */
interface Attempt {
  readonly what: string;
  readonly suite: string;
  lists(): Promise<Apt>;
}

/**
 * Extracts the server from Debian's package `etcd-server`, which comes from the mirror that this machine uses. Nothing
 * is installed, and only `folder` changes: missing or old package lists are fetched into it.
 *
 * @throws Error that explains why there is no such package for this machine
 */
export async function unpackDebianPackage(
  folder: string,
  request: EtcdRequest,
  log: (line: string) => void,
  run: RunCommand = runCommand,
): Promise<EtcdBinary> {
  for (const program of ["apt-get", "dpkg"]) {
    await run(program, ["--version"]).catch(() => {
      throw new Error(`this machine has no ${program}`);
    });
  }
  const ownSuite = await codename();
  return withScratch(folder, async (scratch) => {
    const reasons: string[] = [];
    const unwanted = new Set<string>();
    for (const [index, attempt] of attempts(request, ownSuite, scratch, log, run).entries()) {
      if (unwanted.has(attempt.suite)) continue;
      try {
        const apt = await attempt.lists();
        const offered = await apt.version("etcd-server");
        if (!isVersionWanted(offered, request)) {
          unwanted.add(attempt.suite);
          throw new Error(`etcd is ${offered} there`);
        }
        const unpacked = join(scratch, `unpacked-${index}`);
        await run("dpkg", ["-x", await apt.download("etcd-server", join(scratch, `package-${index}`)), unpacked]);
        const executable = join(unpacked, "usr", "bin", "etcd");
        const version = await reportedVersion(executable);
        const path = await keep(folder, executable, attempt.suite, version);
        return { path, version, source: `the package etcd-server of ${attempt.suite}` };
      } catch (error) {
        reasons.push(`${attempt.what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw new Error(reasons.join("; "));
  });
}

function attempts(
  request: EtcdRequest,
  ownSuite: string,
  scratch: string,
  log: (line: string) => void,
  run: RunCommand,
): Attempt[] {
  const machine = Apt.onMachineLists(run);
  const fresh = once(() => {
    log("fetching the package lists of this machine's suite");
    return Apt.onFreshLists(run, join(scratch, "lists"));
  });
  const own: Attempt[] = [
    { what: `${ownSuite}, with the package lists here`, suite: ownSuite, lists: async () => machine },
    { what: `${ownSuite}, with fresh package lists`, suite: ownSuite, lists: fresh },
  ];
  const onSuite = (suite: string): Attempt => ({
    what: suite,
    suite,
    lists: async () => {
      const mirror = (await machine.mirror()) ?? (await (await fresh()).mirror());
      if (mirror === undefined) throw new Error("the package sources of this machine name no mirror of Debian");
      log(`fetching the package lists of Debian ${suite}`);
      return Apt.onSuite(run, join(scratch, `lists-${suite}`), mirror, suite);
    },
  });
  if (request.suite !== undefined) return request.suite === ownSuite ? own : [onSuite(request.suite)];
  const minor = request.version?.split(".", 2).join(".") ?? "";
  const others = ETCD_ORIGINS[minor]?.suites ?? [];
  return [...own, ...others.filter((suite) => suite !== ownSuite).map(onSuite)];
}

/** Returns the codename of this machine's system, for example `bookworm`. */
async function codename(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^VERSION_CODENAME="?([\w-]+)/m.exec(release)?.[1] ?? "debian";
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
