import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Loading, Note } from "../../parts/note.js";
import { sizeText } from "../../parts/size-text.js";
import { tell } from "../../parts/toast.js";
import { LIST, LIST_ITEM, VirtualList } from "../../parts/virtual-list.js";
import type { KeyStore } from "../store/key-store.js";
import { ValueDifference } from "../value/value-difference.js";
import { type ImportResult, planImport, runImport, type Step } from "./import-plan.js";
import { readKeyLines } from "./key-lines.js";

interface ImportDialogProps {
  readonly store: KeyStore;
  readonly onClose: () => void;
}

const WORDS = { create: "new", change: "changes", same: "unchanged" } as const;

/** Reads keys from a file, shows what the import would change, and then writes them. */
export function ImportDialog({ store, onClose }: ImportDialogProps): JSX.Element {
  const [steps, setSteps] = useState<readonly Step[]>();
  const [chosen, setChosen] = useState<Step>();
  const [progress, setProgress] = useState<string>();
  const [result, setResult] = useState<ImportResult>();
  const [problem, setProblem] = useState<string>();
  const [error, setError] = useState<unknown>();

  async function plan(file: File): Promise<void> {
    setProblem(undefined);
    setError(undefined);
    setSteps(undefined);
    try {
      const lines = readKeyLines(await file.text());
      const found = await planImport(store, lines, (done) => setProgress(`Checked ${done} of ${lines.length} keys`));
      setSteps(found);
    } catch (error) {
      if (error instanceof SyntaxError) setProblem(`The file cannot be imported: ${error.message}`);
      else setError(error);
    } finally {
      setProgress(undefined);
    }
  }

  async function write(planned: readonly Step[]): Promise<void> {
    setError(undefined);
    try {
      const written = await runImport(store, planned, (done) => setProgress(`Wrote ${done} keys`));
      setResult(written);
      if (written.conflicts.length === 0) {
        tell(`Imported ${written.written} keys`);
        onClose();
      }
    } catch (error) {
      setError(error);
    } finally {
      setProgress(undefined);
    }
  }

  const changed = steps?.filter(({ kind }) => kind !== "same") ?? [];
  const count = (kind: Step["kind"]): number => steps?.filter((step) => step.kind === kind).length ?? 0;
  return (
    <Dialog title="Import keys" onClose={onClose} wide>
      <p>
        A file with one line of JSON per key, in the format of the export: <code>{'{"key": "a", "value": "b"}'}</code>
      </p>
      <input
        type="file"
        class="input"
        aria-label="File to import"
        accept=".jsonl,.ndjson,.json,.txt"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) void plan(file);
        }}
      />
      {problem !== undefined && <Note kind="error" title={problem} />}
      {error !== undefined && <ErrorNote error={error} />}
      {progress !== undefined && <Loading what={progress} />}
      {result !== undefined && result.conflicts.length > 0 && (
        <Note
          kind="warning"
          title={`${result.conflicts.length} keys have changed in the meantime and were not imported`}
        >
          <p class="mono exact">{result.conflicts.slice(0, 20).map(escapeBytes).join("\n")}</p>
        </Note>
      )}
      {steps !== undefined && result === undefined && (
        <>
          <p>
            {count("create")} new, {count("change")} changed, {count("same")} as they are.
          </p>
          <div class="preview-list">
            <VirtualList
              count={changed.length}
              attributes={{ ...LIST, "aria-label": "What changes" }}
              row={(index) => {
                const step = changed[index];
                if (step === undefined) return <div key={index} />;
                return (
                  <div key={index} class="row" {...LIST_ITEM}>
                    <button type="button" class="row-button" onClick={() => setChosen(step)}>
                      <span class={`badge ${step.kind}`}>{WORDS[step.kind]}</span>
                      <span class="mono name">{escapeBytes(step.line.key)}</span>
                      <span class="dim small">{sizeText(step.line.value.length)}</span>
                    </button>
                  </div>
                );
              }}
            />
          </div>
          {chosen !== undefined && (
            <ValueDifference
              label="What the import changes"
              before={chosen.current?.value ?? new Uint8Array()}
              after={chosen.line.value}
            />
          )}
          <footer class="dialog-foot">
            <Button label="Cancel" onClick={onClose} />
            <Button
              label={`Write ${changed.length} keys`}
              kind="main"
              disabled={changed.length === 0 || progress !== undefined}
              onClick={() => void write(steps)}
            />
          </footer>
        </>
      )}
    </Dialog>
  );
}
