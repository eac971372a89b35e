import type { ScalarType } from "./model.js";

/** A scalar type that stands for all types with the same JSON. */
export type JsonScalar = "bool" | "string" | "bytes" | "double" | "float" | "int32" | "uint32" | "int64" | "uint64";

/**
 * Returns the type that stands for all types with the JSON of a given one. How the wire encodes an integer makes no
 * difference to its JSON.
 */
export function jsonScalar(type: ScalarType): JsonScalar {
  switch (type) {
    case "sint32":
    case "sfixed32":
      return "int32";
    case "fixed32":
      return "uint32";
    case "sint64":
    case "sfixed64":
      return "int64";
    case "fixed64":
      return "uint64";
    default:
      return type;
  }
}
