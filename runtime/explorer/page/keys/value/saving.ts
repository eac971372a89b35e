import { useState } from "preact/hooks";
import { type Action, useAction } from "../../parts/action.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import { draftOf, setDraft, type ValueDraft } from "./drafts.js";
import { editedValue } from "./value-form.js";

/** A change by another client that prevented saving. */
export interface Conflict {
  /** The key after the other change; `undefined` if it was deleted. */
  readonly current: KeyState | undefined;
  readonly mine: Uint8Array;
}

/** Saves drafts of one key. */
interface Saving {
  readonly conflict: Conflict | undefined;
  /** Saves a draft over a state of the key, which `undefined` means to create again. */
  readonly saving: Action<[draft: ValueDraft, over: KeyState | undefined]>;
  /** Ends the conflict, and saves nothing. */
  readonly giveUp: () => void;
}

/** @param onSaved called with the key's new state after saving, before the watch reports it */
export function useSaving(store: KeyStore, onSaved: (state: KeyState) => void): Saving {
  const [conflict, setConflict] = useState<Conflict>();
  const saving = useAction(async (draft: ValueDraft, over: KeyState | undefined) => {
    const { key } = draft.base;
    const value = editedValue(draft.text, draft.form, draft.base.value);
    const outcome = await (over === undefined ? store.create(key, value) : store.update(key, value, over.modRevision));
    if (!outcome.isDone) {
      setConflict({ current: outcome.current, mine: value });
      return;
    }
    const { revision } = outcome;
    const created = { createRevision: revision, version: 0n, lease: 0n };
    const before = over ?? created;
    const saved = { ...before, key, value, modRevision: revision, version: before.version + 1n };
    // What the user has written since then is a change of what has been saved.
    const latest = draftOf(key);
    setDraft(key, latest === draft || latest === undefined ? undefined : { ...latest, base: saved });
    setConflict(undefined);
    onSaved(saved);
    tell(`Saved as revision ${revision}`);
  });
  return { conflict, saving, giveUp: () => setConflict(undefined) };
}
