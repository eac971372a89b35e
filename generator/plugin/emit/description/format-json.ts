import type { Json } from "../../model/json.js";

const WIDTH = 120;

/**
 * Formats JSON for readers: two spaces per level, each member of an object on its own line, a list of scalars on one
 * line if it fits, and a newline at the end.
 */
export function jsonText(value: Json): string {
  return `${write(value, "", 0)}\n`;
}

/**
 * @param indent the indent of the line
 * @param used the number of columns that are already used after the indent
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
    // `<` leaves one column for a comma.
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
