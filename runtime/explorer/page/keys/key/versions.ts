import { RpcError } from "../../app/etcd-client.js";
import type { KeyState, KeyStore } from "../store/key-store.js";

/** Why there are no older versions. */
export type End = "created" | "compacted";

/** How many versions are read at a time. */
const PAGE = 20;

/**
 * Reads the versions of a key before one, the newest first. A version's revision leads to the one before it. What was
 * before the key was created last, another life of it, is not looked for.
 */
export async function olderVersions(
  store: KeyStore,
  before: KeyState,
): Promise<{ readonly versions: readonly KeyState[]; readonly end: End | undefined }> {
  const versions: KeyState[] = [];
  let oldest = before;
  while (versions.length < PAGE) {
    if (oldest.version <= 1n) return { versions, end: "created" };
    const older = await versionAt(store, oldest);
    if (older === undefined) return { versions, end: "compacted" };
    versions.push(older);
    oldest = older;
  }
  return { versions, end: undefined };
}

/** The version before another; `undefined`: it has been compacted. */
async function versionAt(store: KeyStore, { key, modRevision }: KeyState): Promise<KeyState | undefined> {
  try {
    return (await store.read(key, modRevision - 1n)).state;
  } catch (error) {
    if (error instanceof RpcError && error.codeName === "OUT_OF_RANGE") return undefined;
    throw error;
  }
}
