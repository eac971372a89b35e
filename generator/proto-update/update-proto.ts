import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DescFile, FileRegistry } from "@bufbuild/protobuf";
import { type Api, NO_API } from "./changes/api.js";
import { compareApis } from "./changes/api-changes.js";
import { reportChanges, reportUncommented } from "./changes/change-report.js";
import { readApi } from "./changes/read-api.js";
import { compileFiles, compileFolder, formatFiles, writeFiles } from "./compile.js";
import { importTree } from "./import-tree.js";
import { type Comments, insertComments, readComments, uncommented } from "./rewrite/comments.js";
import type { SourceTree } from "./tree/source-tree.js";
import { UpdateError } from "./update-error.js";

/** The folder in proto/ that contains etcd's files and that an update replaces. */
const ETCD = "etcd";

/**
 * Replaces etcd's part of a proto folder with the client API of an etcd source tree. The comments of the proto folder
 * are kept: each symbol keeps the comment that it has there, and the comments of the tree are dropped. Nothing is
 * written before the new files have been compiled.
 *
 * @param proto - A folder with the `google/api/` files.
 * @returns A report of the changes in the API, and of the symbols without a comment.
 * @throws UpdateError if the tree is not a complete etcd tree of 3.1 or later, or if the folder's own files do not
 * compile. The folder then remains unchanged.
 */
export async function updateProto(proto: string, tree: SourceTree): Promise<string> {
  const google = join(proto, "google");
  if (!(await exists(join(google, "api")))) {
    throw new UpdateError(`${proto} has no folder google/api, which etcd's protos import: expected a proto folder`);
  }
  const before = await readBefore(proto);
  const bare = await importTree(tree);
  const { files, after } = await compileTree(bare, google, before.comments).catch((error: unknown) => {
    throw error instanceof UpdateError
      ? new UpdateError(`the protos of ${tree.name} do not compile:\n${error.message}`)
      : error;
  });
  const api = readApi(after, `${ETCD}/`);
  if ([...api.rpcs.values()].every((rpc) => rpc.routes.length === 0)) {
    throw new UpdateError(`${tree.name} has no RPC with a google.api.http rule; etcd has them since 3.1`);
  }
  await replaceFolder(proto, ETCD, files);

  return [
    `${files.size} files of ${tree.name} are now in ${join(proto, ETCD)}.\n`,
    reportChanges(compareApis(before.api, api)),
    reportUncommented(uncommented(etcdFiles(after), before.comments)),
  ].join("\n");
}

async function readBefore(proto: string): Promise<{ api: Api; comments: Comments }> {
  if (!(await exists(join(proto, ETCD)))) {
    return { api: NO_API, comments: new Map() };
  }
  const registry = await compileFolder(proto).catch((error: unknown) => {
    throw error instanceof UpdateError
      ? new UpdateError(
          `the files in ${proto} do not compile, so their comments cannot be kept; mend them, or delete ${join(proto, ETCD)} ` +
            `to start without comments:\n${error.message}`,
        )
      : error;
  });
  return { api: readApi(registry, `${ETCD}/`), comments: readComments(etcdFiles(registry)) };
}

/** Returns the files with the comments, and their compiled descriptors. */
async function compileTree(
  bare: ReadonlyMap<string, string>,
  google: string,
  comments: Comments,
): Promise<{ files: ReadonlyMap<string, string>; after: FileRegistry }> {
  const formatted = await formatFiles(bare);
  const registry = await compileFiles(formatted, google);
  const files = new Map<string, string>();
  for (const file of etcdFiles(registry)) {
    const path = file.proto.name;
    files.set(path, insertComments(formatted.get(path) ?? "", file, comments));
  }
  return { files, after: await compileFiles(files, google) };
}

function etcdFiles(registry: FileRegistry): DescFile[] {
  return [...registry.files].filter((file) => file.name.startsWith(`${ETCD}/`));
}

/** Replaces a folder. The folder is complete at any time, except between the two renames. */
async function replaceFolder(parent: string, name: string, files: ReadonlyMap<string, string>): Promise<void> {
  const work = await mkdtemp(join(parent, ".update-"));
  const target = join(parent, name);
  const old = join(work, "old");
  try {
    await writeFiles(join(work, "new"), files);
    if (await exists(target)) {
      await rename(target, old);
    }
    await rename(join(work, "new", name), target).catch(async (error: unknown) => {
      await rename(old, target);
      throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
