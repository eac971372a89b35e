import { type Change, SUBJECTS, VERBS } from "./change.js";

const VERB_WIDTH = Math.max(...VERBS.map((verb) => verb.length));

/**
 * Formats the changes of an API for a terminal, in the given order. Each change is on its own line under its subject.
 * The last line has the counts.
 */
export function reportChanges(changes: readonly Change[]): string {
  if (changes.length === 0) {
    return "The API has not changed.\n";
  }
  const sections = SUBJECTS.flatMap((subject) => {
    const about = changes.filter((change) => change.subject === subject);
    return about.length === 0 ? [] : [[capitalised(subject), ...about.flatMap(reportLine)].join("\n")];
  });
  return `What changed in the API:\n\n${sections.join("\n\n")}\n\nIn all: ${countChanges(changes)}.\n`;
}

/** Formats the names of the symbols that need a comment for a terminal. */
export function reportUncommented(names: readonly string[]): string {
  if (names.length === 0) {
    return "Every symbol has its comment.\n";
  }
  const count = names.length === 1 ? "1 symbol has" : `${names.length} symbols have`;
  const lines = [
    `${count} no comment. Write one above each: editors and API documents show it.`,
    "",
    ...names.map((name) => `  ${name}`),
  ];
  return `${lines.join("\n")}\n`;
}

function reportLine(change: Change, index: number, about: readonly Change[]): string[] {
  const { verb, text, kind } = change;
  if (kind === undefined) {
    return [`  ${verb.padEnd(VERB_WIDTH)}  ${text}`];
  }
  const line = `  ${"".padEnd(VERB_WIDTH)}    ${text}`;
  const previous = about[index - 1];
  if (previous?.verb === verb && previous.kind === kind) {
    return [line];
  }
  const alike = about.filter((other) => other.verb === verb && other.kind === kind);
  return [`  ${verb.padEnd(VERB_WIDTH)}  ${kind} (${alike.length}):`, line];
}

function countChanges(changes: readonly Change[]): string {
  const counts = SUBJECTS.flatMap((subject) =>
    VERBS.flatMap((verb) => {
      const count = changes.filter((change) => change.subject === subject && change.verb === verb).length;
      return count === 0 ? [] : [`${count} ${count === 1 ? subject.replace(/s$/, "") : subject} ${verb}`];
    }),
  );
  return counts.join(", ");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
