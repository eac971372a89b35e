import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import { CodeEditor } from "../../editor/code-editor.js";
import { Note } from "../../parts/note.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import { ConflictDialog } from "./conflict-dialog.js";
import { draftOf, setDraft, type ValueDraft } from "./drafts.js";
import { SaveBar } from "./save-bar.js";
import { useSaving } from "./saving.js";
import { bestForm, editedValue, obstacle, shownAs, type ValueForm } from "./value-form.js";
import { ValueToolbar } from "./value-toolbar.js";

interface ValueEditorProps {
  readonly store: KeyStore;
  /** The current state of the key; if the key was deleted, the last one. */
  readonly state: KeyState;
  readonly isReadOnly: boolean;
  /** Called with the key's new state after saving, before the watch reports it. */
  readonly onSaved: (state: KeyState) => void;
}

/** Shows and edits the value of a key. It follows every change until the user edits it, and then reports changes. */
export function ValueEditor({ store, state, isReadOnly, onSaved }: ValueEditorProps): JSX.Element {
  const { key } = state;
  const draft = draftOf(key);
  const base = draft?.base ?? state;
  const [wanted, setWanted] = useState<ValueForm>();
  const form = useMemo(() => draft?.form ?? formOf(base.value, wanted), [draft?.form, base, wanted]);
  const stored = useMemo(() => shownAs(base.value, form), [base, form]);
  const problem = useMemo(() => draft && problemOf(draft), [draft]);
  const { conflict, saving, giveUp } = useSaving(store, onSaved);

  function discard(): void {
    setDraft(key, undefined);
    giveUp();
    saving.forget();
  }

  function save(): void {
    if (draft !== undefined && problem === undefined) saving.run(draft, draft.base);
  }

  return (
    <div class="value">
      <ValueToolbar
        value={base.value}
        form={form}
        isEdited={draft !== undefined}
        isReadOnly={isReadOnly}
        onForm={setWanted}
      />
      {draft !== undefined && draft.base.modRevision !== state.modRevision && <Behind revision={state.modRevision} />}
      {draft !== undefined && conflict === undefined && saving.error !== undefined && (
        <ErrorNote error={saving.error} />
      )}
      <CodeEditor
        key={form}
        label="Value"
        text={draft?.text ?? stored}
        language={form}
        readOnly={isReadOnly}
        onChange={(text) => setDraft(key, text === stored ? undefined : { base, form, text })}
        onSubmit={save}
      />
      {draft !== undefined && (
        <SaveBar problem={problem} isSaving={saving.isRunning} onDiscard={discard} onSave={save} />
      )}
      {conflict !== undefined && draft !== undefined && (
        <ConflictDialog
          conflict={conflict}
          saving={saving}
          onClose={giveUp}
          onTheirs={discard}
          onMine={(over) => saving.run(draft, over)}
        />
      )}
    </div>
  );
}

function Behind({ revision }: { revision: bigint }): JSX.Element {
  return (
    <Note kind="warning" title="Somebody has changed this key while you were editing">
      <p>It is now at revision {String(revision)}. Saving shows both values before anything is overwritten.</p>
    </Note>
  );
}

/** Returns the form in which a value is shown: the one that the user wants, if the value can be shown in it. */
function formOf(value: Uint8Array, wanted: ValueForm | undefined): ValueForm {
  return wanted !== undefined && obstacle(value, wanted) === undefined ? wanted : bestForm(value);
}

/** Returns why a draft cannot be saved; `undefined` if it can. */
function problemOf({ text, form, base }: ValueDraft): string | undefined {
  try {
    editedValue(text, form, base.value);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}
