import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { errorText } from "../../app/error-text.js";
import { CodeEditor } from "../../editor/code-editor.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Note } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import { ConflictDialog } from "./conflict-dialog.js";
import { bestForm, editedValue, isCompact, obstacle, shownAs, type ValueForm } from "./value-form.js";

interface ValueEditorProps {
  readonly store: KeyStore;
  /** The current state of the key. */
  readonly state: KeyState;
  readonly isReadOnly: boolean;
  /** Called with the key's new state after saving, before the watch reports it. */
  readonly onSaved: (state: KeyState) => void;
}

/** An unsaved change of a value. */
interface Draft {
  /** The key when the user began to edit. Saving succeeds only if the key is still in this state. */
  readonly base: KeyState;
  readonly form: ValueForm;
  readonly text: string;
}

const FORMS = [
  { value: "text", label: "Text" },
  { value: "json", label: "JSON" },
  { value: "hex", label: "Hex" },
] as const;

/** Shows and edits the value of a key. It follows every change until the user edits it, and then reports changes. */
export function ValueEditor({ store, state, isReadOnly, onSaved }: ValueEditorProps): JSX.Element {
  const [wanted, setWanted] = useState<ValueForm>();
  const [draft, setDraft] = useState<Draft>();
  /** Counts discarded drafts. When it changes, the editor shows the stored value again. */
  const [generation, setGeneration] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<{ readonly current: KeyState | undefined; readonly mine: Uint8Array }>();
  const base = draft?.base ?? state;
  const form =
    draft?.form ?? (wanted !== undefined && obstacle(base.value, wanted) === undefined ? wanted : bestForm(base.value));
  const shown = useMemo(() => shownAs(base.value, form), [base, form]);
  const isBehind = draft !== undefined && draft.base.modRevision !== state.modRevision;
  const problem = draft === undefined ? undefined : problemOf(draft);

  useUnloadWarning(draft !== undefined);

  function discard(): void {
    setDraft(undefined);
    setConflict(undefined);
    setGeneration((count) => count + 1);
  }

  async function save(): Promise<void> {
    if (draft === undefined || isSaving || problem !== undefined) return;
    await put(editedValue(draft.text, draft.form, draft.base.value), draft.base);
  }

  async function put(value: Uint8Array, over: KeyState): Promise<void> {
    setSaving(true);
    try {
      const outcome = await store.update(over.key, value, over.modRevision);
      if (outcome.isDone) {
        setDraft(undefined);
        setConflict(undefined);
        onSaved({ ...over, value, modRevision: outcome.revision, version: over.version + 1n });
        tell(`Saved as revision ${outcome.revision}`);
      } else setConflict({ current: outcome.current, mine: value });
    } catch (error) {
      tell(errorText(error).text, "bad");
    } finally {
      setSaving(false);
    }
  }

  return (
    <div class="value">
      <div class="toolbar">
        <Choice
          label="Show the value as"
          value={form}
          options={FORMS.map((each) => ({
            ...each,
            disabled:
              draft === undefined
                ? obstacle(base.value, each.value)
                : each.value === form
                  ? undefined
                  : "Save or discard first",
          }))}
          onChange={setWanted}
        />
        {form === "json" && (
          <span class="dim small">
            {isCompact(base.value) ? "Shown with added white space, saved without it" : "Saved as shown"}
          </span>
        )}
        {isReadOnly && <span class="badge">Read-only</span>}
      </div>
      {isBehind && (
        <Note kind="warning" title="Somebody has changed this key while you were editing">
          <p>
            It is now at revision {String(state.modRevision)}. Saving shows both values before anything is overwritten.
          </p>
        </Note>
      )}
      <CodeEditor
        key={form}
        label="Value"
        text={shown}
        generation={generation}
        language={form}
        readOnly={isReadOnly}
        onChange={(text) => setDraft(text === shown ? undefined : { base, form, text })}
        onSubmit={() => void save()}
      />
      {draft !== undefined && (
        <footer class="save-bar">
          <span class={problem === undefined ? "dim" : "problem"}>{problem ?? "Not saved yet"}</span>
          <div class="buttons">
            <Button label="Discard" onClick={discard} />
            <Button
              label={isSaving ? "Saving" : "Save"}
              kind="main"
              hint="Ctrl+Enter"
              disabled={isSaving || problem !== undefined}
              onClick={() => void save()}
            />
          </div>
        </footer>
      )}
      {conflict !== undefined && draft !== undefined && (
        <ConflictDialog
          current={conflict.current}
          mine={conflict.mine}
          onClose={() => setConflict(undefined)}
          onTheirs={discard}
          onMine={(current) => void put(conflict.mine, current)}
        />
      )}
    </div>
  );
}

/** Returns why a draft cannot be saved; `undefined` if it can. */
function problemOf({ text, form, base }: Draft): string | undefined {
  try {
    editedValue(text, form, base.value);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}

/** Makes the browser ask for confirmation before the page with unsaved changes is closed. */
function useUnloadWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnsaved]);
}
