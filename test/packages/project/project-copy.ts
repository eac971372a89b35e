import { cp, mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { publishedWorkspaces } from "./workspaces.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The sources of the packages, relative to the root of the repository. */
const SOURCES = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "api.json",
  "buf.gen.yaml",
  "buf.yaml",
  "package.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "docs",
  "examples",
  "generated",
  "generator",
  "proto",
  "runtime",
];

/**
 * Copies the sources of the packages to a temporary folder, to build them there. So the build neither uses nor changes
 * the one in the working tree. The copy uses the installed dependencies, except that its own packages replace those of
 * the working tree.
 *
 * @returns the folder. The caller removes it
 */
export async function copyProject(): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), "project-"));
  for (const name of SOURCES) {
    await cp(path.join(ROOT, name), path.join(copy, name), {
      recursive: true,
      filter: (source) => !/[/\\](dist|node_modules)$/.test(source),
    });
  }
  const installed = path.join(ROOT, "node_modules");
  const modules = path.join(copy, "node_modules");
  await mkdir(modules);
  const packages = publishedWorkspaces().filter(({ folder }) => folder !== "");
  const own = new Set(packages.map(({ name }) => name.split("/")[0]));
  for (const name of await readdir(installed)) {
    if (own.has(name) || (name.startsWith(".") && name !== ".bin")) continue;
    await symlink(path.join(installed, name), path.join(modules, name));
  }
  for (const { name, folder } of packages) {
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(path.join(copy, folder), path.join(modules, name));
  }
  return copy;
}
