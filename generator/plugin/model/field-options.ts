/**
 * The behaviors that options can declare for a field.
 *
 * @see https://google.aip.dev/203
 */
export const FIELD_BEHAVIORS = [
  "OPTIONAL",
  "REQUIRED",
  "OUTPUT_ONLY",
  "INPUT_ONLY",
  "IMMUTABLE",
  "UNORDERED_LIST",
  "NON_EMPTY_DEFAULT",
  "IDENTIFIER",
] as const;

/** A value of `google.api.FieldBehavior`. */
export type FieldBehavior = (typeof FIELD_BEHAVIORS)[number];

/** The options of `google.api` for a field. Only API descriptions use them. */
export interface FieldOptionsModel {
  /** The values of `google.api.field_behavior`. Absent for none. */
  readonly behaviors?: readonly FieldBehavior[];
  /**
   * `google.api.resource_reference`: the field's value is the name of a resource of a type, or of the parent of one.
   */
  readonly reference?: {
    readonly to: "resource" | "parent";
    readonly type: string;
    /** The patterns of these names. Empty if they are not known. */
    readonly patterns: readonly string[];
  };
}

/**
 * A type of resource: `google.api.resource`.
 *
 * @see https://google.aip.dev/123
 */
export interface ResourceModel {
  /** For example `library.googleapis.com/Book`. */
  readonly type: string;
  /** The patterns of names, for example `publishers/{publisher}/books/{book}`. */
  readonly patterns: readonly string[];
}
