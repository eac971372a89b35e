import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { publishedWorkspaces } from "../project/workspaces.js";

/** The folder of the packed packages. */
export const TARBALLS: string = fileURLToPath(new URL("../../../.cache/packages/tarballs", import.meta.url));

/** Returns the path of a package's tarball. */
export function tarball(name: string): string {
  const workspace = publishedWorkspaces().find((each) => each.name === name);
  const file = path.join(TARBALLS, workspace?.tarball ?? name);
  if (!existsSync(file)) throw new Error(`${name} is not packed: npm run test:packages does it first`);
  return file;
}
