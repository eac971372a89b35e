import { type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import { asciiOf, BYTES_A_LINE, bytesOfHex } from "../bytes/hex.js";

class Ascii extends WidgetType {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override eq(other: Ascii): boolean {
    return other.#text === this.#text;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = "cm-ascii";
    element.ariaHidden = "true";
    element.textContent = this.#text;
    return element;
  }
}

/** Shows the bytes of each visible line of hexadecimal digits as characters, after the line. */
export const asciiColumn: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = asciiInSight(view);
    }

    update({ docChanged, viewportChanged, view }: ViewUpdate): void {
      if (docChanged || viewportChanged) this.decorations = asciiInSight(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function asciiInSight({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let position = from; position <= to; ) {
      const line = doc.lineAt(position);
      const ascii = asciiOfLine(line.text);
      if (ascii !== undefined) {
        const gap = " ".repeat(Math.max(0, BYTES_A_LINE * 3 - 1 - line.length));
        builder.add(line.to, line.to, Decoration.widget({ widget: new Ascii(gap + ascii), side: 1 }));
      }
      position = line.to + 1;
    }
  }
  return builder.finish();
}

function asciiOfLine(text: string): string | undefined {
  try {
    return asciiOf(bytesOfHex(text.slice(0, 1000)));
  } catch {
    return undefined;
  }
}
