import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { copyProject } from "../project/project-copy.js";
import { run } from "../project/run-program.js";
import { publishedWorkspaces, type Workspace } from "../project/workspaces.js";

/**
 * Builds and packs all packages that are published. It works on a copy, so that it neither uses nor changes the build
 * in the working tree.
 *
 * @param into the folder for the tarballs. Tarballs with the same names are replaced
 * @param repository the URL of the repository, for the packages' metadata, if it is known
 */
export async function packAll(into: string, repository?: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const copy = await copyProject();
  try {
    if (repository !== undefined) {
      for (const workspace of publishedWorkspaces()) await nameRepository(copy, workspace, repository);
    }
    await run("npm", ["run", "build"], copy);
    const pack = ["pack", "--ignore-scripts", "--silent", "--workspaces", "--include-workspace-root"];
    await run("npm", [...pack, "--pack-destination", path.resolve(into)], copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Adds the URLs of the sources and of the issue tracker to a package's manifest. */
async function nameRepository(copy: string, { folder }: Workspace, repository: string): Promise<void> {
  const file = path.join(copy, folder, "package.json");
  const manifest: object = JSON.parse(await readFile(file, "utf8"));
  const url = repository.replace(/\/$/, "").replace(/\.git$/, "");
  const metadata = {
    repository: { type: "git", url: `git+${url}.git`, ...(folder !== "" && { directory: folder }) },
    homepage: `${url}#readme`,
    bugs: { url: `${url}/issues` },
  };
  await writeFile(file, `${JSON.stringify({ ...manifest, ...metadata }, undefined, 2)}\n`);
}
