import type { Api } from "./description.js";
import { JsonError, type JsonNode, readJsonNodes } from "./json-node.js";
import type { Json } from "./json-parts.js";
import { fieldOf, type Shape, shapeOf, shapeText } from "./schema.js";

/** How bytes are represented in JSON. */
export type BytesForm = "text" | "base64";

/** A mistake in a text, and its position. */
export interface Mistake {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** Whether the text is not JSON, instead of JSON that does not fit the schema. */
  readonly isSyntax?: boolean;
}

/** The type that the messages of a text must have. */
export interface Expected {
  readonly api: Api;
  readonly schema: Json | undefined;
  readonly bytes: BytesForm;
  /** Whether several messages may follow one another. */
  readonly isStream: boolean;
}

/** Returns the mistakes in the JSON of a request. An empty text is an empty message. */
export function mistakesOf(text: string, expected: Expected): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  try {
    const nodes = readJsonNodes(text);
    for (const node of nodes) checkValue(node, expected.schema, expected, mistakes);
    const [, second] = nodes;
    if (second !== undefined && !expected.isStream) {
      mistakes.push({ ...placeOf(second), message: "expected one message: this call is not a stream" });
    }
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const from = Math.min(error.from, Math.max(0, text.length - 1));
    mistakes.push({
      from,
      to: Math.min(Math.max(error.to, from), text.length),
      message: error.message,
      isSyntax: true,
    });
  }
  return mistakes;
}

function checkValue(node: JsonNode, schema: Json | undefined, expected: Expected, mistakes: Mistake[]): void {
  const shape = shapeOf(expected.api, schema);
  // `null` means the default value.
  if (shape.kind === "any" || (node.kind === "word" && node.value === null)) return;
  const wrong = (message: string): void => {
    mistakes.push({ ...placeOf(node), message });
  };
  if (shape.kind === "object" && node.kind === "object") {
    checkMembers(node, shape.fields, expected, mistakes);
  } else if (shape.kind === "map" && node.kind === "object") {
    for (const { value } of node.members) checkValue(value, shape.values, expected, mistakes);
  } else if (shape.kind === "list" && node.kind === "list") {
    for (const item of node.items) checkValue(item, shape.items, expected, mistakes);
  } else if (shape.kind === "bytes") {
    const problem = bytesProblem(node, expected.bytes);
    if (problem !== undefined) wrong(problem);
  } else if (!isScalar(node, shape)) wrong(`expected ${shapeText(shape)}`);
}

function checkMembers(
  node: Extract<JsonNode, { kind: "object" }>,
  fields: Extract<Shape, { kind: "object" }>["fields"],
  expected: Expected,
  mistakes: Mistake[],
): void {
  const seen = new Set<string>();
  for (const { name, from, to, value } of node.members) {
    const field = fieldOf(fields, name);
    if (field === undefined) {
      const names = Object.keys(fields);
      const known = names.length === 0 ? "this object has no fields" : `expected one of ${names.join(", ")}`;
      mistakes.push({ from, to, message: `unknown field ${JSON.stringify(name)}: ${known}` });
      continue;
    }
    if (seen.has(field.name)) mistakes.push({ from, to, message: `duplicate field ${field.name}` });
    seen.add(field.name);
    checkValue(value, field.schema, expected, mistakes);
  }
}

function isScalar(node: JsonNode, shape: Shape): boolean {
  switch (shape.kind) {
    case "boolean":
      return node.kind === "word";
    case "string":
      return node.kind === "string";
    case "number":
      return (
        node.kind === "number" ||
        (node.kind === "string" && /^(-?Infinity|NaN|-?\d+(\.\d+)?(e[+-]?\d+)?)$/i.test(node.value))
      );
    case "integer": {
      const digits = node.kind === "number" ? node.digits : node.kind === "string" ? node.value : "";
      return /^-?\d+$/.test(digits) && !(shape.isUnsigned && digits.startsWith("-"));
    }
    case "enum":
      return node.kind === "number"
        ? /^\d+$/.test(node.digits)
        : node.kind === "string" && shape.names.includes(node.value);
    default:
      return false;
  }
}

/** Returns why a value does not represent bytes; `undefined` if it does. */
function bytesProblem(node: JsonNode, form: BytesForm): string | undefined {
  const member = node.kind === "object" && node.members.length === 1 ? node.members[0] : undefined;
  if (form === "text" && node.kind === "string") return undefined;
  const encoded = form === "text" && member?.name === "base64" ? member.value : node;
  if (encoded.kind !== "string")
    return form === "text" ? 'expected bytes as a string, or as {"base64": "…"}' : "expected bytes as a base64 string";
  const isBase64 = /^[A-Za-z0-9+/_-]*={0,2}$/.test(encoded.value) && encoded.value.replace(/=+$/, "").length % 4 !== 1;
  return isBase64 ? undefined : `${JSON.stringify(encoded.value)} is not valid base64`;
}

function placeOf({ from, to }: JsonNode): { readonly from: number; readonly to: number } {
  return { from, to };
}
