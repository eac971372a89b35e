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

/**
 * The maximum number of keys that are read or written in one request, and of bytes of their values. etcd's limits are
 * 128 keys and 1.5 MiB, by default.
 */
const MOST = { keys: 50, bytes: 512 * 1024 } as const;

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
  for (const part of partsOf(wanted, (line) => line)) {
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

/**
 * Writes the keys that differ, each only if it has not changed since the import was planned.
 *
 * @param onProgress called with the number of keys handled so far
 * @throws the reason of the signal's abort. The keys after the current request are then not written
 */
export async function runImport(
  store: KeyStore,
  steps: readonly Step[],
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<ImportResult> {
  const wanted = steps.filter(({ kind }) => kind !== "same");
  const conflicts: Binary[] = [];
  let done = 0;
  for (const part of partsOf(wanted, ({ line }) => line)) {
    signal.throwIfAborted();
    if (!(await store.writeAll(part))) {
      // At least one key has changed. Write each key separately.
      for (const step of part) if (!(await store.writeAll([step]))) conflicts.push(step.line.key);
    }
    done += part.length;
    onProgress(done);
  }
  return { written: wanted.length - conflicts.length, conflicts };
}

/** Divides a list into parts that are small enough for one request each. */
function* partsOf<Item>(items: readonly Item[], lineOf: (item: Item) => KeyLine): Generator<readonly Item[], void> {
  let part: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const { key, value } = lineOf(item);
    const size = key.length + value.length;
    if (part.length === MOST.keys || (part.length > 0 && bytes + size > MOST.bytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
