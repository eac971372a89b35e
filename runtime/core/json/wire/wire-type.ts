import type { Field } from "../field.js";

/**
 * The wire types: the low three bits of a tag.
 *
 * @see https://protobuf.dev/programming-guides/encoding/#structure
 */
export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, StartGroup: 3, EndGroup: 4, Fixed32: 5 } as const;

/** One of the wire types. */
export type WireType = (typeof WireType)[keyof typeof WireType];

/** Returns the wire type of a value. */
export function wireTypeOf(type: Field["type"], delimited: boolean): WireType {
  switch (type) {
    case "double":
    case "fixed64":
    case "sfixed64":
      return WireType.Fixed64;
    case "float":
    case "fixed32":
    case "sfixed32":
      return WireType.Fixed32;
    case "string":
    case "bytes":
      return WireType.Bytes;
    case "message":
      return delimited ? WireType.StartGroup : WireType.Bytes;
    default:
      return WireType.Varint;
  }
}
