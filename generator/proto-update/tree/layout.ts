import { UpdateError } from "../update-error.js";
import type { SourceTree } from "./source-tree.js";

/** The locations of the client API's files in an etcd tree. Paths are relative to the root of the tree. */
interface Layout {
  /** The versions that have this layout. */
  readonly versions: string;
  /** The files that every tree of this layout has. */
  readonly required: readonly ApiFile[];
  /** The files that only some versions have. Those of one group were added together. */
  readonly optional: readonly (readonly ApiFile[])[];
}

interface ApiFile {
  readonly path: string;
  /** The import path in proto/, which is etcd's own since 3.5. */
  readonly target: string;
}

const kv = "etcd/api/mvccpb/kv.proto";
const auth = "etcd/api/authpb/auth.proto";
const rpc = "etcd/api/etcdserverpb/rpc.proto";
const version = "etcd/api/versionpb/version.proto";
const membership = "etcd/api/membershippb/membership.proto";
const lock = "etcd/server/etcdserver/api/v3lock/v3lockpb/v3lock.proto";
const election = "etcd/server/etcdserver/api/v3election/v3electionpb/v3election.proto";

const LAYOUTS: readonly Layout[] = [
  {
    versions: "3.5 and later",
    required: [kv, auth, rpc, membership, lock, election].map((target) => ({ path: withoutEtcd(target), target })),
    // Since 3.6.
    optional: [[{ path: withoutEtcd(version), target: version }]],
  },
  {
    versions: "3.1 to 3.4",
    required: [
      { path: "mvcc/mvccpb/kv.proto", target: kv },
      { path: "auth/authpb/auth.proto", target: auth },
      { path: "etcdserver/etcdserverpb/rpc.proto", target: rpc },
    ],
    // Since 3.2.
    optional: [
      [
        { path: "etcdserver/api/v3lock/v3lockpb/v3lock.proto", target: lock },
        { path: "etcdserver/api/v3election/v3electionpb/v3election.proto", target: election },
      ],
    ],
  },
];

/** A file of the client API that was found in a tree. */
export interface FoundFile extends ApiFile {
  readonly text: string;
}

/**
 * Finds the files of the client API in a tree of any layout.
 *
 * @throws UpdateError if the folder is not an etcd source tree, or only a part of one.
 */
export async function findApiFiles(tree: SourceTree): Promise<FoundFile[]> {
  const candidates = await Promise.all(LAYOUTS.map((layout) => look(tree, layout)));
  const complete = candidates.find((candidate) => candidate.missing.length === 0);
  if (complete) {
    return complete.found;
  }
  const partial = candidates.reduce((most, each) => (each.found.length > most.found.length ? each : most));
  if (partial.found.length > 0) {
    throw new UpdateError(
      `${tree.name} is only a part of an etcd source tree: it has ${partial.found.map((file) => file.path).join(", ")}, ` +
        `but not ${partial.missing.join(", ")}, which etcd ${partial.layout.versions} has; take the whole tree of one version`,
    );
  }
  const wanted = candidates.map(({ layout, missing }) => `  etcd ${layout.versions}: ${missing.join(", ")}`);
  throw new UpdateError(
    `${tree.name} is not an etcd source tree: it has none of the files that hold etcd's API\n${wanted.join("\n")}\n` +
      "give the root folder of an etcd repository, 3.1 or later",
  );
}

/** Returns the path in proto/ of a file of an etcd tree, including files that `findApiFiles` does not return. */
export function targetOf(path: string): string {
  const known = LAYOUTS.flatMap(filesOf).find((file) => file.path === path);
  return known?.target ?? `etcd/${path}`;
}

/**
 * Returns the path in the tree of a file that a proto file of etcd imports. The import begins with `etcd/`, or, in
 * forks and old trees, with etcd's Go module. Returns undefined for files that are not etcd's.
 */
export function pathOfImport(imported: string): string | undefined {
  return /^(?:etcd|go\.etcd\.io\/etcd|github\.com\/(?:coreos|etcd-io)\/etcd)\/(.+)$/.exec(imported)?.[1];
}

async function look(
  tree: SourceTree,
  layout: Layout,
): Promise<{ layout: Layout; found: FoundFile[]; missing: string[] }> {
  const found: FoundFile[] = [];
  const missing: string[] = [];
  const optional = layout.optional.map((group) => ({ group, whole: false }));
  for (const { group, whole } of [{ group: layout.required, whole: true }, ...optional]) {
    const texts = await Promise.all(group.map((file) => tree.read(file.path)));
    const wanted = whole || texts.some((text) => text !== undefined);
    group.forEach((file, index) => {
      const text = texts[index];
      if (text !== undefined) {
        found.push({ ...file, text });
      } else if (wanted) {
        missing.push(file.path);
      }
    });
  }
  return { layout, found, missing };
}

function filesOf(layout: Layout): readonly ApiFile[] {
  return [...layout.required, ...layout.optional.flat()];
}

function withoutEtcd(target: string): string {
  return target.slice("etcd/".length);
}
