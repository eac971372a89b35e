import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import { Annotation, EditorState, type Extension, Transaction } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { BYTES_A_LINE } from "../bytes/hex.js";
import { asciiColumn } from "./ascii-column.js";
import { codeTheme } from "./code-theme.js";
import { lineSeparatorOf } from "./line-separator.js";
import { shadowRootOf } from "./shadow-root.js";
import { typingOver } from "./typing-over.js";

/** The language of an editor's text. */
export type Language = "text" | "json" | "hex";

/** The content of an editor. If any of these except the text changes, the editor is created again. */
interface Content {
  /** The accessible name of the editor. */
  readonly label: string;
  /** The text. What the user writes is reported to `onChange`, and any other text replaces it. */
  readonly text: string;
  readonly language: Language;
  readonly readOnly?: boolean;
}

/** The callbacks of an editor. */
interface Listeners {
  readonly onChange?: ((text: string) => void) | undefined;
  /** Returns the mistakes in the text. */
  readonly check?: ((text: string) => readonly Diagnostic[]) | undefined;
  /** Returns the completions at a position. */
  readonly complete?: CompletionSource | undefined;
  /** Sends or saves. Called on Ctrl+Enter or Command+Enter. */
  readonly onSubmit?: (() => void) | undefined;
}

/** Marks a change that was not made by the user. */
const fromOutside = Annotation.define<true>();

/** A code editor. Its text stays exactly as given until the user edits it. */
export function CodeEditor({
  label,
  text,
  language,
  readOnly = false,
  ...listeners
}: Content & Listeners): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | undefined>(undefined);
  // The editor always calls the callbacks of the latest rendering.
  const latest = useRef<Listeners>(listeners);
  latest.current = listeners;
  const separatorOfText = useRef(lineSeparatorOf(text));
  // What the user writes does not change the separator.
  if (editor.current?.state.sliceDoc() !== text) separatorOfText.current = lineSeparatorOf(text);
  const separator = separatorOfText.current;
  // These effects come before the user can write more. Otherwise an older text would replace what is new.
  useLayoutEffect(() => {
    if (host.current === null) return;
    const root = shadowRootOf(host.current);
    const extensions = extensionsOf({ label, separator, language, readOnly }, () => latest.current);
    const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: text, extensions }) });
    editor.current = view;
    return () => view.destroy();
  }, [label, separator, language, readOnly]);
  useLayoutEffect(() => {
    const view = editor.current;
    if (view === undefined || view.state.sliceDoc() === text) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(text) },
      annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
    });
  }, [text]);
  return <div ref={host} class="code" />;
}

/** The content for which the editor's extensions are made. */
interface Make extends Omit<Content, "text"> {
  readonly separator: "\n" | "\r\n";
}

function extensionsOf({ label, separator, language, readOnly }: Make, latest: () => Listeners): Extension[] {
  const shared: Extension[] = [
    EditorState.lineSeparator.of(separator),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    lineNumbers(language === "hex" ? { formatNumber: offsetOfLine } : {}),
    highlightSpecialChars(),
    drawSelection(),
    codeTheme,
    language !== "hex" ? EditorView.lineWrapping : [],
    language === "json" ? [json(), bracketMatching()] : [],
    language === "hex" ? asciiColumn : [],
  ];
  if (readOnly === true)
    return [...shared, EditorState.readOnly.of(true), EditorView.editable.of(false), keymap.of(defaultKeymap)];
  return [
    ...shared,
    history(),
    typingOver,
    highlightActiveLine(),
    language === "json" ? [closeBrackets(), indentOnInput()] : [],
    autocompletion({ override: [(context) => latest().complete?.(context) ?? null] }),
    linter((view) => latest().check?.(view.state.sliceDoc()) ?? [], { delay: 200 }),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      const isOwn = transactions.some((transaction) => transaction.annotation(fromOutside) === undefined);
      if (docChanged && isOwn) latest().onChange?.(state.sliceDoc());
    }),
    keymap.of([
      { key: "Mod-Enter", run: () => submit(latest()) },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
  ];
}

function submit({ onSubmit }: Listeners): boolean {
  onSubmit?.();
  return onSubmit !== undefined;
}

/** Returns the offset of a line's first byte, in hexadecimal digits. */
function offsetOfLine(line: number): string {
  return ((line - 1) * BYTES_A_LINE).toString(16).padStart(6, "0");
}
