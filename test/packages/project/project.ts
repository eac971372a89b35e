import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { tarball } from "../packing/tarballs.js";
import { run } from "./run-program.js";
import { publishedWorkspaces } from "./workspaces.js";

/** The dependencies of a user's project. */
export interface Dependencies {
  /** Packages of this repository, as tarballs. */
  readonly packed: readonly string[];
  /** Packages from npm: version ranges by name. */
  readonly others: Readonly<Record<string, string>>;
}

/** The packages of this repository that etcd-gateway depends on. */
const RUNTIMES = publishedWorkspaces()
  .filter(({ folder }) => folder.startsWith("runtime/"))
  .map(({ name }) => name);

/** A user's project, outside the repository. */
export interface Project {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Makes a project with the files of a folder, and installs its dependencies.
 *
 * @param manifest further members of its package.json
 */
export async function createProject(
  files: URL,
  { packed, others }: Dependencies,
  manifest: Readonly<Record<string, unknown>>,
): Promise<Project> {
  const folder = await mkdtemp(path.join(tmpdir(), "consumer-"));
  await mkdir(folder, { recursive: true });
  await cp(files, folder, { recursive: true, filter: (source) => !/[/\\](generated|node_modules)$/.test(source) });
  const own = packed.includes("etcd-gateway") ? [...packed, ...RUNTIMES] : packed;
  const dependencies = { ...others, ...Object.fromEntries(own.map((name) => [name, `file:${tarball(name)}`])) };
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ ...manifest, private: true, dependencies }));
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
