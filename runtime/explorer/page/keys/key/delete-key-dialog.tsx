import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Note } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";

interface DeleteKeyDialogProps {
  readonly store: KeyStore;
  readonly state: KeyState;
  readonly onClose: () => void;
}

/** Asks for confirmation, and deletes a key if it has not changed since the dialog was opened. */
export function DeleteKeyDialog({ store, state, onClose }: DeleteKeyDialogProps): JSX.Element {
  // The user confirms the key as it was shown, regardless of later changes.
  const [asked] = useState(state);
  const [error, setError] = useState<unknown>();
  const [isChanged, setChanged] = useState(false);
  async function remove(since: bigint): Promise<void> {
    try {
      const { isDone } = await store.remove(asked.key, since);
      if (!isDone) setChanged(true);
      else {
        tell("Deleted");
        onClose();
      }
    } catch (error) {
      setError(error);
    }
  }
  return (
    <Dialog title="Delete this key?" onClose={onClose}>
      <p class="mono exact">{escapeBytes(asked.key)}</p>
      {isChanged && (
        <Note kind="warning" title="The key has changed in the meantime">
          <p>Nothing was deleted. Check its value first. It is now at revision {String(state.modRevision)}.</p>
        </Note>
      )}
      {error !== undefined && <ErrorNote error={error} />}
      <footer class="dialog-foot">
        <Button label="Cancel" onClick={onClose} />
        <Button
          label={isChanged ? "Delete anyway" : "Delete"}
          kind="danger"
          onClick={() => void remove(isChanged ? state.modRevision : asked.modRevision)}
        />
      </footer>
    </Dialog>
  );
}
