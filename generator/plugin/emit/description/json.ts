/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; its members are written in their order. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** The content of a body that is JSON of a schema. */
export function json(schema: JsonObject, extras: JsonObject = {}): JsonObject {
  return { "application/json": { schema, ...extras } };
}

const WIDTH = 120;

/**
 * JSON text for people: two spaces a level, every member of an object on a line of its own, a list of scalars on one
 * line if it fits, and a newline at the end.
 */
export function jsonText(value: Json): string {
  return `${write(value, "", 0)}\n`;
}

/**
 * @param indent what the line begins with
 * @param used how much of the line is written, beyond the indent
 */
function write(value: Json, indent: string, used: number): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return writeList(value, indent, used);
  const members = Object.entries(value).map(([name, member]) => {
    const start = `${JSON.stringify(name)}: `;
    return start + write(member, `${indent}  `, start.length);
  });
  return block("{", members, "}", indent);
}

function writeList(list: readonly Json[], indent: string, used: number): string {
  if (list.every((item) => item === null || typeof item !== "object")) {
    const line = `[${list.map((item) => JSON.stringify(item)).join(", ")}]`;
    // One more for the comma that may follow.
    if (indent.length + used + line.length < WIDTH) return line;
  }
  return block(
    "[",
    list.map((item) => write(item, `${indent}  `, 0)),
    "]",
    indent,
  );
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(",\n")}\n${indent}${close}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value can be written as JSON. */
export function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (isObject(value)) return Object.values(value).every(isJson);
  return value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string";
}
