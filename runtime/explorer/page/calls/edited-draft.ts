import { useState } from "preact/hooks";
import type { Api, Operation } from "../api/description.js";
import { type Draft, exampleDraft } from "./draft-request.js";

/** The draft of a call, and how to change it. */
export interface EditedDraft {
  readonly draft: Draft;
  /** The initial text of the editor, and how often it has been set. */
  readonly start: { readonly text: string; readonly generation: number };
  /** Changes the draft, but not the text in the editor. */
  change(changed: Partial<Draft>): void;
  /** Changes the draft, and replaces the text in the editor. */
  put(changed: Partial<Draft> & { readonly body: string }): void;
  /** Restores the example of a binding. */
  restore(binding: number): void;
}

/** The user's draft for each operation, restored when the user comes back to it. */
const drafts = new Map<string, Draft>();

/** Returns the draft of a call. It begins with the example. */
export function useDraft(api: Api, operation: Operation): EditedDraft {
  const [draft, setDraft] = useState<Draft>(() => drafts.get(operation.id) ?? exampleDraft(api, operation));
  const [start, setStart] = useState({ text: draft.body, generation: 0 });

  function change(changed: Partial<Draft>): void {
    setDraft((before) => {
      const after = { ...before, ...changed };
      drafts.set(operation.id, after);
      return after;
    });
  }

  function put(changed: Partial<Draft> & { readonly body: string }): void {
    change(changed);
    setStart(({ generation }) => ({ text: changed.body, generation: generation + 1 }));
  }

  function restore(binding: number): void {
    put({ ...exampleDraft(api, operation, binding), way: draft.way });
  }

  return { draft, start, change, put, restore };
}
