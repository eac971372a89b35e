import { effect, signal } from "@preact/signals";
import type { Binary } from "../../bytes/binary.js";
import type { KeyState } from "../store/key-store.js";
import type { ValueForm } from "./value-form.js";

/** An unsaved change of a value. */
export interface ValueDraft {
  /** The key when the user began to edit. Saving succeeds only if the key is still in this state. */
  readonly base: KeyState;
  readonly form: ValueForm;
  readonly text: string;
}

/**
 * The drafts by key. They outlast their editors, which are removed when the user chooses another key or signs in, and
 * when the key is deleted.
 */
const drafts = signal<ReadonlyMap<Binary, ValueDraft>>(new Map());

/** Returns the unsaved change of a key's value; `undefined` if there is none. */
export function draftOf(key: Binary): ValueDraft | undefined {
  return drafts.value.get(key);
}

/** Replaces the unsaved change of a key's value. `undefined` discards it. */
export function setDraft(key: Binary, draft: ValueDraft | undefined): void {
  const changed = new Map(drafts.peek());
  if (draft === undefined) changed.delete(key);
  else changed.set(key, draft);
  drafts.value = changed;
}

/** Makes the browser ask for confirmation before the page with unsaved changes is closed. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

effect(() => {
  if (drafts.value.size > 0) window.addEventListener("beforeunload", warn);
  else window.removeEventListener("beforeunload", warn);
});
