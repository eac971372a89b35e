// Ends at a sentence's mark that a new sentence or nothing follows, and that is not part of an abbreviation.
const FIRST_SENTENCE = /^[\s\S]*?(?<!\be\.g|\bi\.e)[.!?](?=\s+[A-Z`"]|$)/;

/** A comment's text as Markdown paragraphs: wrapped lines joined, but lists and indented lines kept as they are. */
export function paragraphs(comment: string): string {
  return comment
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.trimEnd().replace(/\n(?![ \t]|[-*+] |\d+[.)] )/g, " "))
    .join("\n\n")
    .trim();
}

/** The first sentence of a comment without its full stop, `""` for none, and what comes after it. */
export function summaryAndRest(comment: string): { readonly summary: string; readonly rest: string } {
  const text = paragraphs(comment);
  const [first = ""] = text.split("\n\n");
  const sentence = FIRST_SENTENCE.exec(first)?.[0] ?? first;
  return { summary: sentence.replace(/\s+/g, " ").replace(/\.$/, ""), rest: text.slice(sentence.length).trim() };
}

/** `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``. */
export function codeList(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

/** Paragraphs, those that are empty left out. */
export function joinParagraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/** The member `description`, or nothing for an empty text. */
export function description(text: string): { readonly description?: string } {
  return text === "" ? {} : { description: text };
}
