/**
 * What is said of a field beyond its type.
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

/** What options of `google.api` say of a field, for API descriptions alone. */
export interface FieldOptionsModel {
  /** `google.api.field_behavior`; absent for none. */
  readonly behaviors?: readonly FieldBehavior[];
  /** `google.api.resource_reference`: the field names a resource of a type, or the parent of such. */
  readonly reference?: {
    readonly to: "resource" | "parent";
    readonly type: string;
    /** What the names are like, if that is known. */
    readonly patterns: readonly string[];
  };
}

/**
 * A kind of resource: `google.api.resource`.
 *
 * @see https://google.aip.dev/123
 */
export interface ResourceModel {
  /** Such as `library.googleapis.com/Book`. */
  readonly type: string;
  /** What names are like: `publishers/{publisher}/books/{book}`. */
  readonly patterns: readonly string[];
}
