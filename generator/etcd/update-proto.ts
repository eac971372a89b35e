import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Api, NO_API } from "./api.js";
import { compareApis } from "./api-changes.js";
import { reportChanges } from "./change-report.js";
import { compileFiles, compileFolder, writeFiles } from "./compile.js";
import { importTree } from "./import-tree.js";
import { readApi } from "./read-api.js";
import type { SourceTree } from "./source-tree.js";
import { UpdateError } from "./update-error.js";

/** The part of proto/ that is etcd's, and that an update replaces. */
const ETCD = "etcd";

/**
 * Replaces etcd's part of a proto folder by the client API of an etcd source tree. Nothing is written before the new files
 * have been compiled.
 *
 * @param proto - A folder that has the `google/api/` files.
 * @returns A report of what changed in the API.
 * @throws UpdateError if the tree is no whole etcd tree of 3.1 or later; then the folder is as it was.
 */
export async function updateProto(proto: string, tree: SourceTree): Promise<string> {
  const google = join(proto, "google");
  if (!(await exists(join(google, "api")))) {
    throw new UpdateError(`${proto} has no google/api folder, which etcd's protos import; is it a proto folder?`);
  }
  const before = await apiBefore(proto);
  const files = await importTree(tree);
  const after = await apiAfter(files, google, tree);
  await replaceFolder(proto, ETCD, files);

  const { note, api } = before;
  const count = `${files.size} files of ${tree.name} are now in ${join(proto, ETCD)}.`;
  return `${[count, ...note].join("\n")}\n\n${reportChanges(compareApis(api, after))}`;
}

async function apiBefore(proto: string): Promise<{ api: Api; note: string[] }> {
  if (!(await exists(join(proto, ETCD)))) {
    return { api: NO_API, note: [] };
  }
  try {
    return { api: readApi(await compileFolder(proto), `${ETCD}/`), note: [] };
  } catch (error) {
    if (error instanceof UpdateError) {
      const note = "The files that were there did not compile, so there is nothing to compare with:";
      return { api: NO_API, note: [note, error.message] };
    }
    throw error;
  }
}

async function apiAfter(files: ReadonlyMap<string, string>, google: string, tree: SourceTree): Promise<Api> {
  const api = await compileFiles(files, google).then(
    (registry) => readApi(registry, `${ETCD}/`),
    (error: unknown) => {
      throw error instanceof UpdateError
        ? new UpdateError(`the protos of ${tree.name} do not compile:\n${error.message}`)
        : error;
    },
  );
  if ([...api.rpcs.values()].every((rpc) => rpc.routes.length === 0)) {
    throw new UpdateError(`${tree.name} has no rpc with a google.api.http rule; etcd has them since 3.1`);
  }
  return api;
}

/** The folder is whole at any moment but the one between two renames. */
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
