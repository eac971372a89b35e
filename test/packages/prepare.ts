// Before the tests of this folder: builds and packs the three packages into .cache/packages/tarballs, and installs the
// compilers that are tried. It works on a copy, so that it neither sees nor disturbs what the working tree has built.
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run-program.js";
import { TARBALLS } from "./tarballs.js";
import { installTools } from "./tools.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the packages are made of, from the root of the repository. */
const SOURCES = [
  "LICENSE",
  "README.md",
  "package.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "generated",
  "generator",
  "proto",
  "runtime",
];

await installTools();
const copy = await mkdtemp(path.join(tmpdir(), "pack-"));
try {
  for (const name of SOURCES) {
    await cp(path.join(ROOT, name), path.join(copy, name), {
      recursive: true,
      filter: (source) => !/[/\\](dist|node_modules)$/.test(source),
    });
  }
  await linkDependencies();
  await run("npm", ["run", "build"], copy);
  await rm(TARBALLS, { recursive: true, force: true });
  await mkdir(TARBALLS, { recursive: true });
  const pack = ["pack", "--ignore-scripts", "--silent", "--workspaces", "--include-workspace-root"];
  await run("npm", [...pack, "--pack-destination", TARBALLS], copy);
} finally {
  await rm(copy, { recursive: true, force: true });
}

/** Gives the copy the dependencies that are installed, and its own packages in place of the working tree's. */
async function linkDependencies(): Promise<void> {
  const installed = path.join(ROOT, "node_modules");
  const modules = path.join(copy, "node_modules");
  await mkdir(path.join(modules, "@etcd-gateway"), { recursive: true });
  for (const name of await readdir(installed)) {
    const isOwn = name === "@etcd-gateway" || name === "protoc-gen-express-gateway";
    if (isOwn || (name.startsWith(".") && name !== ".bin")) continue;
    await symlink(path.join(installed, name), path.join(modules, name));
  }
  await symlink(path.join(copy, "runtime"), path.join(modules, "@etcd-gateway/runtime"));
}
