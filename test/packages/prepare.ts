// Before the tests of this folder: builds and packs the three packages into .cache/packages/tarballs, and installs the
// compilers that are tried. It works on a copy, so that it neither sees nor disturbs what the working tree has built.
import { mkdir, rm } from "node:fs/promises";
import { copyProject } from "./project-copy.js";
import { run } from "./run-program.js";
import { TARBALLS } from "./tarballs.js";
import { installTools } from "./tools.js";

await installTools();
const copy = await copyProject();
try {
  await run("npm", ["run", "build"], copy);
  await rm(TARBALLS, { recursive: true, force: true });
  await mkdir(TARBALLS, { recursive: true });
  const pack = ["pack", "--ignore-scripts", "--silent", "--workspaces", "--include-workspace-root"];
  await run("npm", [...pack, "--pack-destination", TARBALLS], copy);
} finally {
  await rm(copy, { recursive: true, force: true });
}
