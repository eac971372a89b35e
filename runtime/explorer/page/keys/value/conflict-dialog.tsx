import type { JSX } from "preact";
import { ErrorNote } from "../../app/error-note.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import type { KeyState } from "../store/key-store.js";
import type { Conflict } from "./saving.js";
import { ValueDifference } from "./value-difference.js";

interface ConflictDialogProps {
  readonly conflict: Conflict;
  /** The last attempt to save. */
  readonly saving: { readonly isRunning: boolean; readonly error: unknown };
  readonly onClose: () => void;
  readonly onTheirs: () => void;
  /** Called with the state to overwrite; `undefined` if the key was deleted. */
  readonly onMine: (current: KeyState | undefined) => void;
}

/**
 * Shown if another client has changed the key since the user began to edit. Shows both values, and lets the user
 * choose.
 */
export function ConflictDialog({ conflict, saving, onClose, onTheirs, onMine }: ConflictDialogProps): JSX.Element {
  const { current, mine } = conflict;
  const { isRunning, error } = saving;
  if (current === undefined) {
    return (
      <Dialog title="This key has been deleted" onClose={onClose}>
        <p>Another client has deleted it while you were editing. Nothing was saved.</p>
        {error !== undefined && <ErrorNote error={error} />}
        <footer class="dialog-foot">
          <Button label="Keep editing" onClick={onClose} />
          <Button label="Create it with my value" disabled={isRunning} onClick={() => onMine(undefined)} />
          <Button label="Discard my changes" kind="danger" onClick={onTheirs} />
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="Somebody else has changed this key" onClose={onClose} wide>
      <p>Nothing was saved. Their value, from revision {String(current.modRevision)}, is red. Your value is green.</p>
      <ValueDifference label="Their value and yours" before={current.value} after={mine} />
      {error !== undefined && <ErrorNote error={error} />}
      <footer class="dialog-foot">
        <Button label="Keep editing" onClick={onClose} />
        <Button label="Take theirs" onClick={onTheirs} />
        <Button label="Overwrite theirs with mine" kind="danger" disabled={isRunning} onClick={() => onMine(current)} />
      </footer>
    </Dialog>
  );
}
