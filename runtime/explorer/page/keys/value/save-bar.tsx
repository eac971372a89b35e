import type { JSX } from "preact";
import { Button } from "../../parts/button.js";

interface SaveBarProps {
  /** Why the draft cannot be saved; `undefined` if it can. */
  readonly problem: string | undefined;
  readonly isSaving: boolean;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}

/** The buttons that save or discard a draft. */
export function SaveBar({ problem, isSaving, onDiscard, onSave }: SaveBarProps): JSX.Element {
  return (
    <footer class="save-bar">
      <span class={problem === undefined ? "dim" : "problem"}>{problem ?? "Not saved yet"}</span>
      <div class="buttons">
        <Button label="Discard" disabled={isSaving} onClick={onDiscard} />
        <Button
          label={isSaving ? "Saving" : "Save"}
          kind="main"
          hint="Ctrl+Enter"
          disabled={isSaving || problem !== undefined}
          onClick={onSave}
        />
      </div>
    </footer>
  );
}
