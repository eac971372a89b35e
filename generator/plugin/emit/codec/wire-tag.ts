import type { FieldModel } from "../../model/model.js";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const GROUP = 3;
const FIXED32 = 5;

/** Whether a field's elements can be packed into one length-delimited record. */
export function isPackable(field: FieldModel): boolean {
  const wireType = elementWireType(field);
  return field.cardinality === "repeated" && wireType !== LENGTH_DELIMITED && wireType !== GROUP;
}

/**
 * The tags that a field can begin with on the wire, the declared form first. Parsers must accept a repeated scalar
 * packed and unpacked, regardless of its declaration.
 *
 * @see https://protobuf.dev/programming-guides/encoding/#structure
 */
export function tagsOf(field: FieldModel): readonly number[] {
  const element = tag(field.number, field.cardinality === "map" ? LENGTH_DELIMITED : elementWireType(field));
  if (!isPackable(field)) return [element];
  const run = tag(field.number, LENGTH_DELIMITED);
  return field.packed ? [run, element] : [element, run];
}

function tag(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

function elementWireType({ type }: FieldModel): number {
  if (type.kind === "message") return type.delimited ? GROUP : LENGTH_DELIMITED;
  if (type.kind === "enum") return VARINT;
  switch (type.scalar) {
    case "double":
    case "fixed64":
    case "sfixed64":
      return FIXED64;
    case "float":
    case "fixed32":
    case "sfixed32":
      return FIXED32;
    case "string":
    case "bytes":
      return LENGTH_DELIMITED;
    default:
      return VARINT;
  }
}
