import { docComment } from "./doc-comment.js";
import { LINE_WIDTH } from "./line-width.js";

/** A TypeScript expression: text that stays on one line, or a literal that can be broken over several lines. */
export type Expression = string | ObjectExpression | ArrayExpression;

/** An object literal. */
export interface ObjectExpression {
  readonly kind: "object";
  readonly properties: readonly Property[];
  /** Whether each property is on its own line even if all fit on one. */
  readonly expanded: boolean;
}

/** A property of an object literal. */
export interface Property {
  readonly name: string;
  readonly value: Expression;
  /** The text of its doc comment. `""` for none. */
  readonly doc: string;
}

/** An array literal. */
export interface ArrayExpression {
  readonly kind: "array";
  readonly elements: readonly Expression[];
}

/** Writes a string literal. */
export function string(text: string): string {
  const quoted = JSON.stringify(text);
  // Formatters use the kind of quotes that needs fewer escapes.
  const double = text.split('"').length;
  const single = text.split("'").length;
  return double > single ? `'${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : quoted;
}

/** Makes an object literal. Properties that are `undefined` are left out. */
export function object(
  properties: Readonly<Record<string, Expression | undefined>>,
  { expanded = false }: { readonly expanded?: boolean } = {},
): ObjectExpression {
  const present = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value, doc: "" }],
  );
  return { kind: "object", properties: present, expanded };
}

/** Makes an array literal. */
export function array(elements: readonly Expression[]): ArrayExpression {
  return { kind: "array", elements };
}

/**
 * Prints an expression as the formatter does: on one line if it fits, otherwise broken from the outside in.
 *
 * @param indent the indent of its lines, in columns
 * @param before the columns that are used before it on its first line
 * @param after the columns that follow it on its last line, for example 1 for a comma
 */
export function print(expression: Expression, indent: number, before: number, after: number): string {
  if (typeof expression === "string") return expression;
  if (!mustBreak(expression)) {
    const line = printInline(expression);
    if (before + line.length + after <= LINE_WIDTH) return line;
  }
  const inner = indent + 2;
  const margin = " ".repeat(inner);
  const lines =
    expression.kind === "array"
      ? expression.elements.map((element) => `${margin}${print(element, inner, inner, 1)},`)
      : expression.properties.map((property) => printProperty(property, inner));
  const [open, close] = expression.kind === "array" ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join("\n")}\n${" ".repeat(indent)}${close}`;
}

function printProperty({ name, value, doc }: Property, indent: number): string {
  const margin = " ".repeat(indent);
  const key = `${margin}${propertyName(name)}:`;
  const comment = doc === "" ? "" : `${docComment(doc, indent)}\n`;
  // Formatters do not break after a short key, because a line of its own would gain too little.
  const breakable = typeof value === "string" && !value.includes("\n") && propertyName(name).length > 4;
  if (breakable && key.length + 1 + value.length + 1 > LINE_WIDTH) {
    return `${comment}${key}\n${margin}  ${value},`;
  }
  return `${comment}${key} ${print(value, indent, key.length + 1, 1)},`;
}

function printInline(expression: Expression): string {
  if (typeof expression === "string") return expression;
  if (expression.kind === "array") return `[${expression.elements.map(printInline).join(", ")}]`;
  const properties = expression.properties.map(({ name, value }) => `${propertyName(name)}: ${printInline(value)}`);
  return properties.length === 0 ? "{}" : `{ ${properties.join(", ")} }`;
}

function mustBreak(expression: Expression): boolean {
  if (typeof expression === "string") return false;
  if (expression.kind === "object") {
    if (expression.properties.length === 0) return false;
    return expression.expanded || expression.properties.some(({ value, doc }) => doc !== "" || mustBreak(value));
  }
  return isMatrix(expression) || expression.elements.some(mustBreak);
}

/**
 * Whether a list has several objects, or several lists, each with more than one entry. Formatters put each on its own
 * line.
 */
function isMatrix({ elements }: ArrayExpression): boolean {
  const kinds = new Set(
    elements.map((element) => {
      if (typeof element === "string") return "plain";
      const size = element.kind === "array" ? element.elements.length : element.properties.length;
      return size > 1 ? element.kind : "plain";
    }),
  );
  return elements.length > 1 && kinds.size === 1 && !kinds.has("plain");
}

/** Writes a property's name for an object literal. */
export function propertyName(name: string): string {
  // Without brackets, this name would set the object's prototype.
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : string(name);
}

/** Writes the access to a property. */
export function propertyAccess(target: string, name: string): string {
  return isIdentifier(name) ? `${target}.${name}` : `${target}[${string(name)}]`;
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

/**
 * Writes a call. If it is too long, it is broken over lines as the formatter does.
 *
 * @param indent the indent of its lines, in columns
 * @param before the columns that are used before it on its first line
 * @param last a last argument that can be broken over lines by itself
 */
export function callExpression(
  callee: string,
  args: readonly string[],
  indent: number,
  before: number,
  last?: Expression,
): string {
  const inline = last === undefined ? args : [...args, print(last, 0, 0, 0)];
  const line = `${callee}(${inline.join(", ")})`;
  if (before + line.length + 1 <= LINE_WIDTH) return line;
  const head = `${callee}(${args.join(", ")}, {`;
  if (last !== undefined && before + head.length <= LINE_WIDTH) {
    return `${callee}(${args.join(", ")}, ${print(last, indent, LINE_WIDTH, 0)})`;
  }
  const margin = " ".repeat(indent + 2);
  const lines = last === undefined ? args : [...args, print(last, indent + 2, LINE_WIDTH, 0)];
  return `${callee}(\n${lines.map((arg) => `${margin}${arg},\n`).join("")}${" ".repeat(indent)})`;
}
