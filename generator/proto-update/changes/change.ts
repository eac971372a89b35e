/** The kinds of elements that can change, in the order of reports. */
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

/** A kind of elements that can change. */
export type Subject = (typeof SUBJECTS)[number];

/**
 * The kinds of changes. `renamed` elements keep their number, or everything else if they have no number. `renumbered`
 * elements keep their name.
 */
export const VERBS = ["added", "removed", "renamed", "renumbered", "retyped", "moved"] as const;

/** A kind of change. */
export type Verb = (typeof VERBS)[number];

/** One difference between two versions of an API. */
export interface Change {
  readonly subject: Subject;
  readonly verb: Verb;
  /** The full name of the element and a description of the change. */
  readonly text: string;
  /** The group of similar changes, if it has a name. */
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

/** Compares by code unit, so that the order does not depend on the locale. */
function compareStrings(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
