import type { Field } from "../../json/field.js";
import type { WireWriter } from "../../json/wire/wire-writer.js";

/** The tag of `google.protobuf.FieldMask.paths`. */
const PATHS = (1 << 3) | 2;

/** Whether the type of a field is `google.protobuf.FieldMask`. */
export function isFieldMask(field: Field): boolean {
  return field.type === "message" && field.message.name === "google.protobuf.FieldMask";
}

/** Writes the `paths` of a field mask. */
export function writeFieldMask(out: WireWriter, paths: readonly string[]): void {
  for (const path of paths) {
    const bytes = Buffer.from(path);
    out.varint32(PATHS);
    out.varint32(bytes.length);
    out.append(bytes, 0, bytes.length);
  }
}

/**
 * Reads the paths from the text form of a field mask, e.g. `title,author.name`. The paths may have proto names, or the
 * lowerCamel names of JSON. A path with an underscore is taken as it is; in any other, capitals are converted to
 * snake_case.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export function maskPaths(text: string): readonly string[] {
  if (text === "") return [];
  return text
    .split(",")
    .map((path) => (path.includes("_") ? path : path.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)));
}
