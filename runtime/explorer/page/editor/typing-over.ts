import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/**
 * Puts what is typed in the place of what is selected. By itself the browser would do it first, and the editor look what has
 * come of it; for that the browser copies the look of what was there into inline styles, which the page's policy forbids.
 */
export const typingOver: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const { from, to } = state.selection.main;
    const text = event.data;
    if (event.inputType !== "insertText" || text === null || event.isComposing || from === to) return false;
    const insert = () => state.update(state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const isHandled = state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert));
    if (!isHandled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
