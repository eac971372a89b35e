import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import { escapeBytes } from "../../bytes/escape.js";
import { useAction } from "../../parts/action.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Note } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";

interface DeleteKeyDialogProps {
  readonly store: KeyStore;
  /** The key as it was shown, which the user confirms regardless of later changes. */
  readonly asked: KeyState;
  /** The key at present; `undefined` if it does not exist. */
  readonly current: KeyState | undefined;
  readonly onClose: () => void;
}

/** Asks for confirmation, and deletes a key if it has not changed since the dialog was opened. */
export function DeleteKeyDialog({ store, asked, current, onClose }: DeleteKeyDialogProps): JSX.Element {
  const [isChanged, setChanged] = useState(false);
  const deletion = useAction(async (since: bigint) => {
    const { isDone } = await store.remove(asked.key, since);
    if (!isDone) {
      setChanged(true);
      return;
    }
    tell("Deleted");
    onClose();
  });
  return (
    <Dialog title="Delete this key?" onClose={onClose}>
      <p class="mono exact">{escapeBytes(asked.key)}</p>
      {current === undefined && <Note kind="warning" title="The key has already been deleted" />}
      {current !== undefined && isChanged && (
        <Note kind="warning" title="The key has changed in the meantime">
          <p>Nothing was deleted. Check its value first. It is now at revision {String(current.modRevision)}.</p>
        </Note>
      )}
      {deletion.error !== undefined && <ErrorNote error={deletion.error} />}
      <footer class="dialog-foot">
        <Button label="Cancel" onClick={onClose} />
        {current !== undefined && (
          <Button
            label={isChanged ? "Delete anyway" : "Delete"}
            kind="danger"
            disabled={deletion.isRunning}
            onClick={() => deletion.run(isChanged ? current.modRevision : asked.modRevision)}
          />
        )}
      </footer>
    </Dialog>
  );
}
