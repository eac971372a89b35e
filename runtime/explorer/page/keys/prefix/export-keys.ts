import type { Binary } from "../../bytes/binary.js";
import { saveFile } from "../../parts/save-file.js";
import { keyPages } from "../store/key-pages.js";
import type { KeyStore } from "../store/key-store.js";
import { writeKeyLine } from "./key-lines.js";

/**
 * Reads all keys with a prefix at one revision, and makes the browser save them as a file with a line of JSON per key.
 *
 * @param onProgress called with the number of keys read so far
 * @returns the number of keys
 * @throws RpcError the error of a read; also if the signal is aborted, in which case nothing is saved
 */
export async function exportKeys(
  store: KeyStore,
  prefix: Binary,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const lines: string[] = [];
  for await (const { states } of keyPages(store, prefix, signal)) {
    for (const state of states) lines.push(`${writeKeyLine(state)}\n`);
    onProgress(lines.length);
  }
  signal.throwIfAborted();
  saveFile("keys.jsonl", "application/jsonl", lines);
  return lines.length;
}
