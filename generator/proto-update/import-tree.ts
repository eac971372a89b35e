import { type ProtoImport, readImports, rewriteProto } from "./rewrite/proto-rewrite.js";
import { type FoundFile, findApiFiles, pathOfImport, targetOf } from "./tree/layout.js";
import type { SourceTree } from "./tree/source-tree.js";
import { UpdateError } from "./update-error.js";

/**
 * Reads the client API from an etcd source tree and returns the proto files for proto/: texts by import path, in the
 * layout of etcd 3.5 and later, for a tree of any layout. The result includes the files of the tree that they import.
 *
 * @throws UpdateError if the etcd source tree is incomplete or contains invalid proto.
 */
export async function importTree(tree: SourceTree): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const queue = await findApiFiles(tree);
  for (let file = queue.shift(); file; file = queue.shift()) {
    for (const imported of readImports(file.text, file.path)) {
      const path = pathInTree(imported);
      if (path !== undefined && !files.has(targetOf(path)) && !queue.some((waiting) => waiting.path === path)) {
        queue.push(await readImported(tree, imported, path));
      }
    }
    const rewritten = rewriteProto(file.text, file.path, (imported) => {
      const path = pathInTree(imported);
      return path === undefined ? imported.path : targetOf(path);
    });
    files.set(file.target, rewritten);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readImported(tree: SourceTree, imported: ProtoImport, path: string): Promise<FoundFile> {
  const text = await tree.read(path);
  if (text === undefined) {
    throw new UpdateError(`${imported.at}: imports ${imported.path}, but ${tree.name} has no ${path}`);
  }
  return { path, target: targetOf(path), text };
}

/**
 * Returns the path of an imported file in the tree, or undefined for Google's files, which proto/ and the compiler
 * contain.
 */
function pathInTree(imported: ProtoImport): string | undefined {
  if (imported.path.startsWith("google/")) {
    return undefined;
  }
  const path = pathOfImport(imported.path);
  if (path === undefined) {
    throw new UpdateError(
      `${imported.at}: imports ${imported.path}, which is neither etcd's nor Google's; ` +
        "if it only defines options for another tool, add it to generator/proto-update/rewrite/foreign-options.ts",
    );
  }
  return path;
}
