import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Api } from "../../api/description.js";
import { type Json, objectOf, text } from "../../api/json-parts.js";
import { fieldOf, shapeOf, shapeText } from "../../api/schema.js";

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]>;

/** Returns the completions at the cursor: names of fields, and values of an enum or a boolean. */
export function completionsIn(context: CompletionContext, api: Api, schema: Json | undefined): CompletionResult | null {
  const { state, pos } = context;
  const word = context.matchBefore(/"?[\w.]*/);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  const node = syntaxTree(state).resolveInner(pos, -1);
  const isName = nameExpected(state, word.from);
  const shape = shapeOf(api, schemaAt(node, state, api, schema, isName));
  if (isName && shape.kind === "object") {
    return {
      from: word.from,
      to: endOfWord(state, pos),
      options: Object.entries(shape.fields).map(([name, field]) => fieldCompletion(name, field, api)),
    };
  }
  if (!isName && shape.kind === "enum") {
    return {
      from: word.from,
      to: endOfWord(state, pos),
      options: shape.names.map((name) => ({ label: JSON.stringify(name), type: "enum" })),
    };
  }
  if (!isName && shape.kind === "boolean") {
    return { from: word.from, options: ["true", "false"].map((label) => ({ label, type: "keyword" })) };
  }
  return null;
}

function fieldCompletion(name: string, field: Json, api: Api): Completion {
  const info = text(objectOf(field)["description"]);
  return {
    label: JSON.stringify(name),
    apply: `${JSON.stringify(name)}: `,
    type: "property",
    detail: shapeText(shapeOf(api, field)),
    ...(info !== "" && { info }),
  };
}

/** Whether a member's name is expected at a position: after `{`, or after a comma in an object. */
function nameExpected(state: EditorState, from: number): boolean {
  const before = state.sliceDoc(Math.max(0, from - 500), from).trimEnd();
  if (before.endsWith("{")) return true;
  if (!before.endsWith(",")) return false;
  const node = syntaxTree(state).resolveInner(from, -1);
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === "Object") return true;
    if (at.name === "Array") return false;
  }
  return false;
}

/** Returns the end of the word at a position, including its closing quote. */
function endOfWord(state: EditorState, pos: number): number {
  return state.sliceDoc(pos, pos + 1) === '"' ? pos + 1 : pos;
}

/** Returns the schema of the object that contains the name, or of the value, at a node. */
function schemaAt(
  node: SyntaxNode,
  state: EditorState,
  api: Api,
  root: Json | undefined,
  isName: boolean,
): Json | undefined {
  const steps: (string | undefined)[] = [];
  let isOwnName = isName;
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === "Property") {
      // The property whose name is being written is not part of the path.
      if (!isOwnName) steps.unshift(nameOf(at, state));
      isOwnName = false;
    } else if (at.name === "Object") isOwnName = false;
    else if (at.name === "Array") steps.unshift(undefined);
  }
  let found = root;
  for (const step of steps) {
    const shape = shapeOf(api, found);
    if (step === undefined) found = shape.kind === "list" ? shape.items : undefined;
    else if (shape.kind === "map") found = shape.values;
    else found = shape.kind === "object" ? fieldOf(shape.fields, step)?.schema : undefined;
  }
  return found;
}

function nameOf(property: SyntaxNode, state: EditorState): string {
  const name = property.getChild("PropertyName");
  if (name === null) return "";
  try {
    return String(JSON.parse(state.sliceDoc(name.from, name.to)));
  } catch {
    return "";
  }
}
