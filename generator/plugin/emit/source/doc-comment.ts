import { LINE_WIDTH } from "./line-width.js";

/**
 * Writes a doc comment: on one line if it fits, otherwise with one line per line of the text. Longer lines are wrapped.
 *
 * @param indent the indent of all its lines, in columns
 */
export function docComment(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  const safe = text.replaceAll("*/", "*\\/");
  const single = `${margin}/** ${safe} */`;
  if (!safe.includes("\n") && single.length <= LINE_WIDTH) return single;
  const lines = safe.split("\n").flatMap((line) => wrap(line, LINE_WIDTH - indent - " * ".length));
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}`.trimEnd()).join("\n")}\n${margin} */`;
}

/** Breaks a line at spaces and keeps its indent. A word that is too long is not broken. */
function wrap(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const margin = /^\s*/.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = margin;
  for (const word of line.trim().split(/\s+/)) {
    if (current !== margin && current.length + 1 + word.length > width) {
      lines.push(current);
      current = margin;
    }
    current += current === margin ? word : ` ${word}`;
  }
  return [...lines, current];
}

/** Joins a comment, facts and a `@deprecated` tag as paragraphs. */
export function docText(comment: string, facts: string, deprecated: boolean): string {
  const tag = deprecated && !comment.includes("@deprecated") ? "@deprecated" : "";
  return [comment, facts, tag].filter((text) => text !== "").join("\n\n");
}
