import type { Field } from "../../json/field.js";
import type { WireWriter } from "../../json/wire/wire-writer.js";

/** The tag of `google.protobuf.FieldMask.paths`. */
const PATHS = (1 << 3) | 2;

/** Whether a field is a field mask. */
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
 * The paths in the text form of a field mask, `title,author.name`. They are made of proto names, or else of JSON names,
 * as JSON has them: a path with capitals is taken for lowerCamel, unless it has underscores too.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export function maskPaths(text: string): readonly string[] {
  if (text === "") return [];
  return text
    .split(",")
    .map((path) => (path.includes("_") ? path : path.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)));
}
