import { useState } from "preact/hooks";
import { type Action, useAction, useLifetime } from "../../parts/action.js";
import { tell } from "../../parts/toast.js";
import type { KeyStore } from "../store/key-store.js";
import { type ImportResult, planImport, runImport, type Step } from "./import-plan.js";
import { type KeyLine, readKeyLines } from "./key-lines.js";

/** The state of an import. */
interface Import {
  /** What the import would change; `undefined` until it is known. */
  readonly steps: readonly Step[] | undefined;
  readonly result: ImportResult | undefined;
  /** What is going on, in words for users. */
  readonly progress: string | undefined;
  /** Reads a file and finds out what its import would change. */
  readonly planning: Action<[File]>;
  readonly writing: Action<[readonly Step[]]>;
}

/**
 * Plans an import and runs it. It stops writing when the component is removed.
 *
 * @param onDone called after all keys have been written
 */
export function useImport(store: KeyStore, onDone: () => void): Import {
  const [steps, setSteps] = useState<readonly Step[]>();
  const [result, setResult] = useState<ImportResult>();
  const [progress, setProgress] = useState<string>();
  const signal = useLifetime();

  async function plan(lines: readonly KeyLine[]): Promise<void> {
    try {
      setSteps(await planImport(store, lines, (done) => setProgress(`Checked ${done} of ${lines.length} keys`)));
    } finally {
      setProgress(undefined);
    }
  }

  const planning = useAction(async (file: File) => {
    setSteps(undefined);
    setResult(undefined);
    await plan(readKeyLines(await file.text()));
  });

  const writing = useAction(async (planned: readonly Step[]) => {
    try {
      const written = await runImport(store, planned, (done) => setProgress(`Wrote ${done} keys`), signal);
      setResult(written);
      if (written.conflicts.length > 0) return;
      tell(`Imported ${written.written} keys`);
      onDone();
    } catch (error) {
      if (signal.aborted) return;
      // Some keys may have been written, and must not count as changed by somebody else.
      await plan(planned.map(({ line }) => line)).catch(() => {});
      throw error;
    } finally {
      setProgress(undefined);
    }
  });

  return { steps, result, progress, planning, writing };
}
