/** What a change is about, in the order in which reports have them. */
export const SUBJECTS = [
  "files",
  "services",
  "rpcs",
  "routes",
  "messages",
  "fields",
  "enums",
  "enum values",
  "extensions",
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What became of it: `renamed` elements keep their number (or, without one, all else), `renumbered` ones their name. */
export const VERBS = ["added", "removed", "renamed", "renumbered", "retyped", "moved"] as const;
export type Verb = (typeof VERBS)[number];

/** One difference between two versions of an API. */
export interface Change {
  readonly subject: Subject;
  readonly verb: Verb;
  /** The element, by its full name, and what is to be said of it. */
  readonly text: string;
  /** What changes of one kind have in common, if there is a name for it. */
  readonly kind?: string;
}

/** Orders changes by subject, verb, kind and text. */
export function compareChanges(a: Change, b: Change): number {
  return (
    SUBJECTS.indexOf(a.subject) - SUBJECTS.indexOf(b.subject) ||
    VERBS.indexOf(a.verb) - VERBS.indexOf(b.verb) ||
    compareStrings(a.kind ?? "", b.kind ?? "") ||
    compareStrings(a.text, b.text)
  );
}

/** By code unit, so that no locale changes the order. */
function compareStrings(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
