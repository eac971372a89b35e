import type { MessageCodec } from "../codec.js";
import { type TypeRegistry, typeNameOf } from "../type-registry.js";
import { AnyCodec } from "./any.js";
import { DurationCodec } from "./duration.js";
import { EmptyCodec } from "./empty.js";
import { FieldMaskCodec } from "./field-mask.js";
import { ListValueCodec, StructCodec, ValueCodec } from "./struct.js";
import { TimestampCodec } from "./timestamp.js";
import {
  BoolValueCodec,
  BytesValueCodec,
  DoubleValueCodec,
  FloatValueCodec,
  Int32ValueCodec,
  Int64ValueCodec,
  StringValueCodec,
  UInt32ValueCodec,
  UInt64ValueCodec,
} from "./wrappers.js";

const WELL_KNOWN: TypeRegistry = new Map(
  [
    AnyCodec,
    BoolValueCodec,
    BytesValueCodec,
    DoubleValueCodec,
    DurationCodec,
    EmptyCodec,
    FieldMaskCodec,
    FloatValueCodec,
    Int32ValueCodec,
    Int64ValueCodec,
    ListValueCodec,
    StringValueCodec,
    StructCodec,
    TimestampCodec,
    UInt32ValueCodec,
    UInt64ValueCodec,
    ValueCodec,
  ].map((codec) => [codec.name, codec]),
);

/** The codec of the type that a URL names: one of `types`, or a well-known one. */
export function findType(url: string, types: TypeRegistry | undefined): MessageCodec | undefined {
  const name = typeNameOf(url);
  return types?.get(name) ?? WELL_KNOWN.get(name);
}
