import { LINE_WIDTH } from "./line-width.js";

/**
 * A doc comment of a text: one line if it fits, else a line for each of the text's, those too long wrapped.
 *
 * @param indent columns that its lines are indented by, the first one too
 */
export function docComment(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  const safe = text.replaceAll("*/", "*\\/");
  const single = `${margin}/** ${safe} */`;
  if (!safe.includes("\n") && single.length <= LINE_WIDTH) return single;
  const lines = safe.split("\n").flatMap((line) => wrap(line, LINE_WIDTH - indent - " * ".length));
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}`.trimEnd()).join("\n")}\n${margin} */`;
}

/** Breaks a line at spaces; what follows is indented as it is. A word that is too long stays whole. */
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
