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

/** The files of the rules themselves, for which nothing is generated unless a message has one of their types. */
export const RULE_FILES: ReadonlySet<string> = new Set(["google/api/annotations.proto", "google/api/http.proto"]);
