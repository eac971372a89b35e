import type { MessageCodec } from "../codec.js";
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

/** The codecs of the well-known types. */
export const WELL_KNOWN: readonly MessageCodec[] = [
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
];
