import { PathError } from "./path-error.js";

/** A variable of a path template: `{name}`, `{book.name=shelves/*}`. */
const VARIABLE = /\{([^=}]+)(?:=([^}]*))?\}/g;

/** The field paths of a template's variables. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(VARIABLE)].map(([, field = ""]) => field);
}

/**
 * The path of a template with the values of its variables.
 *
 * @param textOf the text of the field at a path; `""` if it is not set
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
  // A URL has no way to say these: they go up.
  if (!isRight || segments.some((segment) => /^\.\.?$/.test(segment))) {
    const error = new PathError(
      `is part of the path and must be like ${JSON.stringify(pattern)}, got ${JSON.stringify(value)}`,
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
