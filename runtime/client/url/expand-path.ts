import { PathError } from "./path-error.js";

/** Matches a variable of a path template, for example `{name}` or `{book.name=shelves/*}`. */
const VARIABLE = /\{([^=}]+)(?:=([^}]*))?\}/g;

/** Returns the field paths of a template's variables. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(VARIABLE)].map(([, field = ""]) => field);
}

/**
 * Fills the variables of a path template.
 *
 * @param textOf returns the text of a field, given its path; `""` if the field is not set
 * @throws PathError if a value does not match its variable
 */
export function expandPath(template: string, textOf: (field: string) => string): string {
  return template.replace(VARIABLE, (_, field: string, pattern: string | undefined) =>
    segmentsOf(field, textOf(field), pattern ?? "*"),
  );
}

function segmentsOf(field: string, value: string, pattern: string): string {
  const segments = pattern === "*" ? [value] : value.split("/");
  const isRight = matches(segments, pattern.split("/"));
  // A URL cannot contain the segments "." and "..": clients resolve them.
  if (!isRight || segments.some((segment) => /^\.\.?$/.test(segment))) {
    const error = new PathError(
      `is part of the path: expected a value like ${JSON.stringify(pattern)}, got ${JSON.stringify(value)}`,
    );
    error.path = field;
    throw error;
  }
  return segments.map(encodeURIComponent).join("/");
}

function matches(segments: readonly string[], pattern: readonly string[]): boolean {
  const rest = pattern.indexOf("**");
  if (rest >= 0) {
    const behind = pattern.length - rest - 1;
    const cut = segments.length - behind;
    return (
      cut >= rest &&
      matches(segments.slice(0, rest), pattern.slice(0, rest)) &&
      matches(segments.slice(cut), pattern.slice(rest + 1))
    );
  }
  return (
    segments.length === pattern.length &&
    segments.every(
      (segment, i) => segment !== "" && (pattern[i] === "*" || decodeURIComponent(pattern[i] ?? "") === segment),
    )
  );
}
