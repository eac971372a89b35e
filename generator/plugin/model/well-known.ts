/**
 * The files of the well-known types that have a JSON form of their own: the runtime has their codecs. The others of
 * `google/protobuf/` are messages as any.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export const WELL_KNOWN_FILES: ReadonlySet<string> = new Set(
  ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"].map(
    (name) => `google/protobuf/${name}.proto`,
  ),
);

/**
 * Whether nothing is generated for a file, though `include_imports` or `include_wkt` hand it to the plugin: the runtime
 * has its codecs, or it declares what only compilers read.
 */
export function isNeverGenerated(file: string): boolean {
  return WELL_KNOWN_FILES.has(file) || RULE_FILES.has(file);
}

const RULE_FILES: ReadonlySet<string> = new Set(["google/api/annotations.proto", "google/api/http.proto"]);
