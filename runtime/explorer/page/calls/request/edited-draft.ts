import { useState } from "preact/hooks";
import type { Api, Operation } from "../../api/description.js";
import { type Draft, exampleDraft } from "./draft-request.js";

/** The draft of a call, and how to change it. */
export interface EditedDraft {
  readonly draft: Draft;
  change(changed: Partial<Draft>): void;
  /** Restores the example of a binding. */
  restore(binding: number): void;
}

/** The user's draft for each operation, restored when the user comes back to it. */
const drafts = new Map<string, Draft>();

/** Returns the draft of a call. It begins with the example. */
export function useDraft(api: Api, operation: Operation): EditedDraft {
  const [draft, setDraft] = useState<Draft>(() => drafts.get(operation.id) ?? exampleDraft(api, operation));

  function change(changed: Partial<Draft>): void {
    setDraft((before) => {
      const after = { ...before, ...changed };
      drafts.set(operation.id, after);
      return after;
    });
  }

  function restore(binding: number): void {
    change({ ...exampleDraft(api, operation, binding), way: draft.way });
  }

  return { draft, change, restore };
}
