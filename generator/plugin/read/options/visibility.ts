import type { AnnotationsOf } from "./annotations-of.js";

/** The supported options, by the full names of their extensions. */
export const VISIBILITY_OPTIONS: readonly string[] = ["api", "method", "message", "field", "enum", "value"].map(
  (kind) => `google.api.${kind}_visibility`,
);

/** The result of {@link readVisibility}. */
export interface Visibility {
  readonly visibility?: readonly string[];
}

/**
 * Reads the labels that restrict an element's visibility. Without labels, the result is empty.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/visibility.proto
 */
export function readVisibility(annotations: AnnotationsOf): Visibility {
  const labels = VISIBILITY_OPTIONS.flatMap((name) => labelsIn(annotations[name]));
  return labels.length === 0 ? {} : { visibility: labels };
}

function labelsIn(rule: unknown): readonly string[] {
  if (typeof rule !== "object" || rule === null || !("restriction" in rule)) return [];
  return String(rule.restriction)
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
