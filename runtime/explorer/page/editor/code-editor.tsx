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
import { useEffect, useRef } from "preact/hooks";
import { BYTES_A_LINE } from "../bytes/hex.js";
import { asciiColumn } from "./ascii-column.js";
import { codeTheme } from "./code-theme.js";
import { lineSeparatorOf } from "./line-separator.js";
import { shadowRootOf } from "./shadow-root.js";
import { typingOver } from "./typing-over.js";

/** What is written in an editor. */
export type Language = "text" | "json" | "hex";

/** What an editor is. Another one of these makes it begin anew, but for the text. */
interface Content {
  /** What it is for, read out. */
  readonly label: string;
  /** What stands in it at first. Another text takes the place of what has been written. */
  readonly text: string;
  readonly language: Language;
  readonly readOnly?: boolean;
}

/** What an editor calls, and asks. */
interface Listeners {
  readonly onChange?: ((text: string) => void) | undefined;
  /** What is wrong with the text. */
  readonly check?: ((text: string) => readonly Diagnostic[]) | undefined;
  /** What may be written at a place. */
  readonly complete?: CompletionSource | undefined;
  /** Ctrl+Enter, or Command+Enter: sends or saves. */
  readonly onSubmit?: (() => void) | undefined;
}

/** Marks a change that its user has not made. */
const fromOutside = Annotation.define<true>();

/**
 * A code editor, whose text is exactly what it was given until it is edited.
 *
 * @param generation another number puts the text back in place of what has been written
 */
export function CodeEditor({
  label,
  text,
  language,
  readOnly = false,
  generation = 0,
  ...listeners
}: Content & Listeners & { readonly generation?: number }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | undefined>(undefined);
  // What is called later is what the last rendering has given.
  const latest = useRef<Listeners>(listeners);
  latest.current = listeners;
  const separator = lineSeparatorOf(text);
  useEffect(() => {
    if (host.current === null) return;
    const root = shadowRootOf(host.current);
    const extensions = extensionsOf({ label, separator, language, readOnly }, () => latest.current);
    const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: text, extensions }) });
    editor.current = view;
    return () => view.destroy();
  }, [label, separator, language, readOnly]);
  useEffect(() => {
    const view = editor.current;
    if (view === undefined || view.state.sliceDoc() === text) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(text) },
      annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
    });
  }, [text, generation]);
  return <div ref={host} class="code" />;
}

/** What an editor is made for. */
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

/** The number of the first byte of a line. */
function offsetOfLine(line: number): string {
  return ((line - 1) * BYTES_A_LINE).toString(16).padStart(6, "0");
}
