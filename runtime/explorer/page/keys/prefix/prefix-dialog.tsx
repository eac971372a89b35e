import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { ErrorNote } from "../../app/error-note.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { useAction, useLifetime } from "../../parts/action.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Loading, Note } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import type { KeyStore } from "../store/key-store.js";
import { exportKeys } from "./export-keys.js";
import { PrefixPreview, type Preview, usePreview } from "./prefix-preview.js";

interface PrefixDialogProps {
  readonly store: KeyStore;
  readonly prefix: Binary;
  readonly onClose: () => void;
  readonly onCreate: (() => void) | undefined;
}

/** Shows all keys with a prefix, with buttons to export or delete them. */
export function PrefixDialog({ store, prefix, onClose, onCreate }: PrefixDialogProps): JSX.Element {
  const { preview, reading } = usePreview(store, prefix);
  const [isChanged, setChanged] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const deletion = useAction(async ({ revision }: Preview) => {
    const deleted = await store.removeAll(prefix, revision);
    if (deleted === undefined) {
      setDeleting(false);
      setChanged(true);
      reading.run();
      return;
    }
    tell(`Deleted ${deleted.toLocaleString("en")} keys`);
    onClose();
  });
  return (
    <Dialog title={prefix === "" ? "All keys" : "Keys in this folder"} onClose={onClose}>
      {prefix !== "" && <p class="mono exact">{escapeBytes(prefix)}</p>}
      {isChanged && (
        <Note kind="warning" title="Some of these keys have changed in the meantime">
          <p>Nothing was deleted. The list shows the current keys.</p>
        </Note>
      )}
      {reading.error !== undefined && <ErrorNote error={reading.error} onRetry={reading.run} />}
      {deletion.error !== undefined && <ErrorNote error={deletion.error} />}
      {preview === undefined && reading.isRunning && <Loading what="Loading the keys" />}
      {preview !== undefined && <PrefixPreview preview={preview} isDeleting={isDeleting} />}
      {preview !== undefined &&
        (isDeleting ? (
          <footer class="dialog-foot" key="deletion">
            <Button label="Cancel" onClick={() => setDeleting(false)} />
            <Button
              label={`Delete ${preview.total.toLocaleString("en")} keys`}
              kind="danger"
              icon="trash"
              disabled={deletion.isRunning}
              onClick={() => deletion.run(preview)}
            />
          </footer>
        ) : (
          <PrefixActions
            store={store}
            prefix={prefix}
            isEmpty={preview.total === 0}
            onCreate={onCreate}
            onDelete={() => setDeleting(true)}
          />
        ))}
    </Dialog>
  );
}

interface PrefixActionsProps {
  readonly store: KeyStore;
  readonly prefix: Binary;
  readonly isEmpty: boolean;
  readonly onCreate: (() => void) | undefined;
  readonly onDelete: () => void;
}

/** The buttons for all keys with a prefix. */
function PrefixActions({ store, prefix, isEmpty, onCreate, onDelete }: PrefixActionsProps): JSX.Element {
  const { exposure } = useApp();
  const signal = useLifetime();
  const [done, setDone] = useState(0);
  const exporting = useAction(async () => {
    setDone(0);
    const count = await exportKeys(store, prefix, setDone, signal);
    tell(`Exported ${count.toLocaleString("en")} keys`);
  });
  return (
    <>
      {exporting.error !== undefined && <ErrorNote error={exporting.error} />}
      <footer class="dialog-foot" key="actions">
        {onCreate !== undefined && <Button label="New key here" icon="plus" onClick={onCreate} />}
        <Button
          label={exporting.isRunning ? `Exporting ${done.toLocaleString("en")}` : "Export"}
          icon="download"
          disabled={exporting.isRunning || isEmpty}
          onClick={exporting.run}
        />
        {exposure.can("KV_Txn") && (
          <Button label="Delete all" kind="danger" icon="trash" disabled={isEmpty} onClick={onDelete} />
        )}
      </footer>
    </>
  );
}
