import type { Binary } from "../../bytes/binary.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import type { KeyLine } from "./key-lines.js";

/** What an import would do to a key. */
export interface Step {
  readonly kind: "create" | "change" | "same";
  readonly line: KeyLine;
  /** The key when the import was planned; `undefined` if it does not exist. */
  readonly current: KeyState | undefined;
}

/** The number of keys that are read or written in one request. */
const AT_ONCE = 50;

/**
 * Finds out what an import would change. If a key occurs twice, the last line counts.
 *
 * @param onProgress called with the number of keys checked so far
 */
export async function planImport(
  store: KeyStore,
  lines: readonly KeyLine[],
  onProgress: (done: number) => void,
): Promise<readonly Step[]> {
  const byKey = new Map<Binary, KeyLine>(lines.map((line) => [line.key, line]));
  const wanted = [...byKey.values()];
  const steps: Step[] = [];
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const part = wanted.slice(start, start + AT_ONCE);
    const states = await store.readAll(part.map(({ key }) => key));
    for (const line of part) {
      const current = states.get(line.key);
      const kind = current === undefined ? "create" : isEqual(current.value, line.value) ? "same" : "change";
      steps.push({ kind, line, current });
    }
    onProgress(steps.length);
  }
  return steps;
}

/** The result of an import. */
export interface ImportResult {
  readonly written: number;
  /** Keys that have changed since the import was planned. They were not written. */
  readonly conflicts: readonly Binary[];
}

/** Writes the keys that differ, each only if it has not changed since the import was planned. */
export async function runImport(
  store: KeyStore,
  steps: readonly Step[],
  onProgress: (done: number) => void,
): Promise<ImportResult> {
  const wanted = steps.filter(({ kind }) => kind !== "same");
  const conflicts: Binary[] = [];
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const part = wanted.slice(start, start + AT_ONCE);
    if (!(await store.writeAll(part))) {
      // At least one key has changed. Write each key separately.
      for (const step of part) if (!(await store.writeAll([step]))) conflicts.push(step.line.key);
    }
    onProgress(start + part.length);
  }
  return { written: wanted.length - conflicts.length, conflicts };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
