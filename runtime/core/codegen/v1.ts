/*
 * The API for generated code: version 1 of the contract between the generator and the runtime. Names may be added, but
 * never removed or changed.
 */

export {
  type BidiMethod,
  bidiMethod,
  type ClientStreamMethod,
  clientStreamMethod,
  type ServerStreamMethod,
  serverStreamMethod,
  type UnaryMethod,
  unaryMethod,
} from "../call/method.js";
export type { Binding, Method, Rpc, Segment, Service, ServiceOf } from "../call/rpc.js";
export type { MessageCodec } from "../json/codec.js";
export { messageCodec } from "../json/codec.js";
export { type EnumTable, enumTable, lazyEnum } from "../json/enum-table.js";
export { field, map, repeated } from "../json/field.js";
export { AnyCodec } from "../json/well-known/any.js";
export { DurationCodec } from "../json/well-known/duration.js";
export { EmptyCodec } from "../json/well-known/empty.js";
export { FieldMaskCodec } from "../json/well-known/field-mask.js";
export { ListValueCodec, NullValueEnum, StructCodec, ValueCodec } from "../json/well-known/struct.js";
export { TimestampCodec } from "../json/well-known/timestamp.js";
export {
  BoolValueCodec,
  BytesValueCodec,
  DoubleValueCodec,
  FloatValueCodec,
  Int32ValueCodec,
  Int64ValueCodec,
  StringValueCodec,
  UInt32ValueCodec,
  UInt64ValueCodec,
} from "../json/well-known/wrappers.js";
export { withCodecs } from "../transcode/message-types.js";
