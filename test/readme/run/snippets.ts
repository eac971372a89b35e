import { readFileSync } from "node:fs";

/** The fenced code blocks of a Markdown file of this project, in their order. */
export function snippets(file: string, language: string): readonly string[] {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))];
  return blocks.map((block) => block[1] ?? "");
}
