// Matches up to a sentence's final mark. A new sentence or the end of the text must follow, and "e.g." and "i.e." do
// not count.
const FIRST_SENTENCE = /^[\s\S]*?(?<!\be\.g|\bi\.e)[.!?](?=\s+[A-Z`"]|$)/;

/** Turns a comment into Markdown paragraphs. Wrapped lines are joined, except list items and indented lines. */
export function paragraphs(comment: string): string {
  return comment
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.trimEnd().replace(/\n(?![ \t]|[-*+] |\d+[.)] )/g, " "))
    .join("\n\n")
    .trim();
}

/** Splits a comment into its first sentence, without the full stop, and the rest. */
export function summaryAndRest(comment: string): { readonly summary: string; readonly rest: string } {
  const text = paragraphs(comment);
  const [first = ""] = text.split("\n\n");
  const sentence = FIRST_SENTENCE.exec(first)?.[0] ?? first;
  return { summary: sentence.replace(/\s+/g, " ").replace(/\.$/, ""), rest: text.slice(sentence.length).trim() };
}

/** Writes names as code: `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``. */
export function codeList(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

/** Joins paragraphs and skips empty ones. */
export function joinParagraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/** The member `description`, or no member if the text is empty. */
export function description(text: string): { readonly description?: string } {
  return text === "" ? {} : { description: text };
}
