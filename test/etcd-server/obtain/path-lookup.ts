import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Finds the first executable file with a name in the folders of PATH. */
export async function findOnPath(
  program: string,
  path: string = process.env["PATH"] ?? "",
): Promise<string | undefined> {
  const name = process.platform === "win32" ? `${program}.exe` : program;
  for (const folder of path.split(delimiter)) {
    if (folder === "") continue;
    const candidate = join(folder, name);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}
