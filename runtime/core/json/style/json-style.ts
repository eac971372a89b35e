/**
 * The style of a response, if the client has a choice. A property that is missing leaves the style of the generated
 * codecs.
 */
export interface JsonStyle {
  /** The names of fields: as in the proto file, or their JSON names (lowerCamelCase). */
  readonly names?: "proto" | "json" | undefined;
  /** Whether to omit or write fields without presence that have their default value. */
  readonly defaults?: "omit" | "write" | undefined;
}
