import { json } from "@codemirror/lang-json";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { codeTheme } from "./code-theme.js";
import { lineSeparatorOf } from "./line-separator.js";
import { shadowRootOf } from "./shadow-root.js";

interface DifferenceProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly isJson: boolean;
}

/** The difference of two texts: removed lines, added lines, and a few lines around them. */
export function Difference({ label, before, after, isJson }: DifferenceProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const root = shadowRootOf(host.current);
    const extensions = [
      EditorState.lineSeparator.of(lineSeparatorOf(after)),
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.lineWrapping,
      lineNumbers(),
      highlightSpecialChars(),
      isJson ? json() : [],
      unifiedMergeView({
        original: before,
        mergeControls: false,
        gutter: false,
        collapseUnchanged: { margin: 3, minSize: 6 },
        // Limits the time for large texts that have nothing in common.
        diffConfig: { scanLimit: 1000, timeout: 300 },
      }),
      codeTheme,
    ];
    const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: after, extensions }) });
    return () => view.destroy();
  }, [label, before, after, isJson]);
  return <div ref={host} class="code difference" />;
}
