import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runBuf } from "./buf.js";
import { applyChanges, compareTrees, type FileTree, readTree, type TreeChanges } from "./file-tree.js";

/** The folder of a project that holds generated code and nothing else. */
export const OUTPUT = "generated";

/** The folder with this project's plugin, under the name that users call it by. */
const PLUGIN = fileURLToPath(new URL("bin", import.meta.url));

/** The result of a run. */
export interface Regenerated {
  /** The number of files that `generated/` should have. */
  readonly files: number;
  /** The differences that `generated/` had. Unless the run was only a check, they have been fixed. */
  readonly changes: TreeChanges;
}

/**
 * Generates into a temporary folder, then makes `generated/` equal to it. A run that fails therefore changes nothing,
 * and a run without differences writes nothing.
 *
 * @param project the folder of buf.gen.yaml
 * @param check whether to only compare
 */
export async function regenerate(project: string, check: boolean): Promise<Regenerated> {
  const folder = await mkdtemp(path.join(tmpdir(), "generate-"));
  try {
    await runBuf(["generate", "--output", folder], project, [PLUGIN]);
    const wanted = withoutEmptyModules(await readTree(path.join(folder, OUTPUT)));
    const changes = compareTrees(await readTree(path.join(project, OUTPUT)), wanted);
    if (!check) await applyChanges(path.join(project, OUTPUT), wanted, changes);
    return { files: wanted.size, changes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes modules that export nothing. ts-proto writes one for each file that declares only options. */
function withoutEmptyModules(tree: FileTree): FileTree {
  return new Map([...tree].filter(([, content]) => !isEmptyModule(content.toString())));
}

function isEmptyModule(text: string): boolean {
  const code = text.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/^\/\/.*$/gm, "");
  return code.trim() === "export {};";
}
