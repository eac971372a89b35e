import type { JSX } from "preact";
import { ErrorNote } from "../../app/error-note.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Loading, Note } from "../../parts/note.js";
import type { KeyStore } from "../store/key-store.js";
import { useImport } from "./import-state.js";
import { ImportSteps } from "./import-steps.js";

interface ImportDialogProps {
  readonly store: KeyStore;
  readonly onClose: () => void;
}

/** Reads keys from a file, shows what the import would change, and then writes them. */
export function ImportDialog({ store, onClose }: ImportDialogProps): JSX.Element {
  const { steps, result, progress, planning, writing } = useImport(store, onClose);
  const count = steps?.filter(({ kind }) => kind !== "same").length ?? 0;
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
        disabled={planning.isRunning || writing.isRunning}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) planning.run(file);
        }}
      />
      {planning.error !== undefined && <PlanningError error={planning.error} />}
      {writing.error !== undefined && <ErrorNote error={writing.error} />}
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
          <ImportSteps steps={steps} />
          <footer class="dialog-foot">
            <Button label="Cancel" onClick={onClose} />
            <Button
              label={`Write ${count} keys`}
              kind="main"
              disabled={count === 0 || writing.isRunning}
              onClick={() => writing.run(steps)}
            />
          </footer>
        </>
      )}
    </Dialog>
  );
}

function PlanningError({ error }: { error: unknown }): JSX.Element {
  if (!(error instanceof SyntaxError)) return <ErrorNote error={error} />;
  return <Note kind="error" title={`The file cannot be imported: ${error.message}`} />;
}
