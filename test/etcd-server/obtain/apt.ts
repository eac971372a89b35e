import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunCommand } from "./run-command.js";

/** The keys that sign all suites of Debian, from the package debian-archive-keyring. */
const archiveKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Runs apt with one set of package lists: those of the machine, which are never changed, or those in a separate folder.
 */
export class Apt {
  readonly #run: RunCommand;
  readonly #options: readonly string[];

  private constructor(run: RunCommand, options: readonly string[]) {
    this.#run = run;
    this.#options = ["-q", "-o", "APT::Sandbox::User=", ...options];
  }

  /** Uses the package lists of the machine. */
  static onMachineLists(run: RunCommand): Apt {
    return new Apt(run, []);
  }

  /** Fetches the newest package lists of the machine's sources into `folder`, and uses them. */
  static async onFreshLists(run: RunCommand, folder: string): Promise<Apt> {
    const apt = new Apt(run, await listOptions(folder));
    // The update fails if any source fails. It only matters whether the package is found afterwards.
    await apt.#update().catch(() => undefined);
    return apt;
  }

  /**
   * Fetches the package lists of one suite from a mirror of Debian into `folder`, and uses them. Debian's keys verify
   * the lists.
   */
  static async onSuite(run: RunCommand, folder: string, mirror: string, suite: string): Promise<Apt> {
    // This file is not in the folder, because an update removes unknown files from it.
    const sources = `${folder}.list`;
    const options = [
      ...(await listOptions(folder)),
      "-o",
      `Dir::Etc::SourceList=${sources}`,
      "-o",
      "Dir::Etc::SourceParts=-",
    ];
    await writeFile(sources, `deb [signed-by=${archiveKeyring}] ${mirror} ${suite} main\n`);
    const apt = new Apt(run, options);
    await apt.#update();
    return apt;
  }

  /** Finds the mirror of Debian's main archive. apt lists only sources whose package lists it has. */
  async mirror(): Promise<string | undefined> {
    const targets = await this.#apt(["indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"]);
    return /^Debian Debian (\S+)$/m.exec(targets)?.[1];
  }

  /**
   * Returns the upstream part of a package's version, for example `3.4.23`.
   *
   * @throws Error if the lists do not contain the package
   */
  async version(name: string): Promise<string> {
    const output = await this.#apt(["download", "--print-uris", name]);
    const version = new RegExp(` ${name}_(?:\\d+%3a)?(\\d[\\d.]*)`).exec(output)?.[1];
    if (version === undefined) throw new Error(`apt-get download --print-uris ${name}: no version in its output`);
    return version;
  }

  /** Downloads a package into the new folder `folder`. Returns the path of the file. */
  async download(name: string, folder: string): Promise<string> {
    await mkdir(folder);
    await this.#run("apt-get", [...this.#options, "download", name], { cwd: folder });
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error(`apt-get download ${name}: it left no file`);
    return join(folder, file);
  }

  async #update(): Promise<void> {
    await this.#apt(["update"]);
  }

  #apt(args: readonly string[]): Promise<string> {
    return this.#run("apt-get", [...this.#options, ...args]);
  }
}

async function listOptions(folder: string): Promise<string[]> {
  await mkdir(join(folder, "partial"), { recursive: true });
  const settings = [
    `Dir::State::Lists=${folder}`,
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
    "Acquire::Languages=none",
    "Acquire::http::Timeout=20",
    "Acquire::https::Timeout=20",
  ];
  return settings.flatMap((setting) => ["-o", setting]);
}
