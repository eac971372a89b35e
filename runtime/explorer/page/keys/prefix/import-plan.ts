import type { Binary } from "../../bytes/binary.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import type { KeyLine } from "./key-lines.js";

/** What an import would do with a key. */
export interface Step {
  readonly kind: "create" | "change" | "same";
  readonly line: KeyLine;
  /** The key as it is now; `undefined`: it is not there. */
  readonly current: KeyState | undefined;
}

/** How many keys are read, or written, at a time. */
const AT_ONCE = 50;

/**
 * Looks what an import would change. If a key is there twice, the last line counts.
 *
 * @param onProgress told how many keys have been looked at
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

/** How an import ended. */
export interface ImportResult {
  readonly written: number;
  /** Keys that somebody has changed since they were looked at: they are as that has left them. */
  readonly conflicts: readonly Binary[];
}

/** Writes what is not as it is wanted, each key only if it is as it was when the import was planned. */
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
      // One of them was in the way: the others go alone.
      for (const step of part) if (!(await store.writeAll([step]))) conflicts.push(step.line.key);
    }
    onProgress(start + part.length);
  }
  return { written: wanted.length - conflicts.length, conflicts };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
