import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A package of this repository that is published. */
export interface Workspace {
  readonly name: string;
  /** Its folder, relative to the root of the repository. Empty for the root itself. */
  readonly folder: string;
  readonly version: string;
  /** The name of its tarball. */
  readonly tarball: string;
}

/** The relevant members of a package.json. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
}

/** All packages that are published, the root's first. */
export function publishedWorkspaces(): readonly Workspace[] {
  const { workspaces = [] } = manifestOf("");
  return ["", ...workspaces].flatMap((folder) => {
    const { name, version, private: isPrivate } = manifestOf(folder);
    const tarball = `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
    return isPrivate === true ? [] : [{ name, folder, version, tarball }];
  });
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(ROOT, folder, "package.json"), "utf8"));
}
