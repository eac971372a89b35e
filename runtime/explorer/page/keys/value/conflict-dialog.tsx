import type { JSX } from "preact";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import type { KeyState } from "../store/key-store.js";
import { ValueDifference } from "./value-difference.js";

interface ConflictDialogProps {
  /** The key after the other change; `undefined` if it was deleted. */
  readonly current: KeyState | undefined;
  readonly mine: Uint8Array;
  readonly onClose: () => void;
  readonly onTheirs: () => void;
  readonly onMine: (current: KeyState) => void;
}

/**
 * Shown if another client has changed the key since the user began to edit. Shows both values, and lets the user
 * choose.
 */
export function ConflictDialog({ current, mine, onClose, onTheirs, onMine }: ConflictDialogProps): JSX.Element {
  if (current === undefined) {
    return (
      <Dialog title="This key has been deleted" onClose={onClose}>
        <p>Another client has deleted it while you were editing. Nothing was saved.</p>
        <footer class="dialog-foot">
          <Button label="Keep editing" onClick={onClose} />
          <Button label="Discard my changes" kind="danger" onClick={onTheirs} />
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="Somebody else has changed this key" onClose={onClose} wide>
      <p>Nothing was saved. Their value, from revision {String(current.modRevision)}, is red. Your value is green.</p>
      <ValueDifference label="Their value and yours" before={current.value} after={mine} />
      <footer class="dialog-foot">
        <Button label="Keep editing" onClick={onClose} />
        <Button label="Take theirs" onClick={onTheirs} />
        <Button label="Overwrite theirs with mine" kind="danger" onClick={() => onMine(current)} />
      </footer>
    </Dialog>
  );
}
