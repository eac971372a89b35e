import { RpcError } from "../../app/bundled-client.js";
import type { KeyState, KeyStore } from "../store/key-store.js";

/** Why the list of versions ends. */
export type End = "created" | "compacted";

/** The maximum number of versions that are read at a time. */
const PAGE = 20;

/**
 * Reads the versions of a key before a given one, newest first. Each version is found through the revision of the
 * version after it. Versions from before the key's last creation are not included.
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

/** Reads the version before a given one; `undefined` if it has been compacted. */
async function versionAt(store: KeyStore, { key, modRevision }: KeyState): Promise<KeyState | undefined> {
  try {
    return (await store.read(key, modRevision - 1n)).state;
  } catch (error) {
    if (error instanceof RpcError && error.codeName === "OUT_OF_RANGE") return undefined;
    throw error;
  }
}
