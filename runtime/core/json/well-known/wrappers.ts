import { type MessageCodec, messageCodec } from "../codec.js";
import { field, type Scalar } from "../field.js";

/** Makes the codec of a wrapper, whose JSON form is its value. */
function wrapperCodec(name: string, type: Scalar): MessageCodec {
  const value = field(1, "value", type);
  return messageCodec({
    name: `google.protobuf.${name}`,
    fields: { value },
    toJson(t) {
      const tag = t.next();
      if (tag === value.tag) return t.value(value);
      t.defaultValue(value);
      return tag;
    },
    form: { kind: "scalar", read: (reader) => reader.singular(value, false) },
  });
}

/** Transcodes `google.protobuf.DoubleValue`. */
export const DoubleValueCodec: MessageCodec = wrapperCodec("DoubleValue", "double");
/** Transcodes `google.protobuf.FloatValue`. */
export const FloatValueCodec: MessageCodec = wrapperCodec("FloatValue", "float");
/** Transcodes `google.protobuf.Int64Value`. */
export const Int64ValueCodec: MessageCodec = wrapperCodec("Int64Value", "int64");
/** Transcodes `google.protobuf.UInt64Value`. */
export const UInt64ValueCodec: MessageCodec = wrapperCodec("UInt64Value", "uint64");
/** Transcodes `google.protobuf.Int32Value`. */
export const Int32ValueCodec: MessageCodec = wrapperCodec("Int32Value", "int32");
/** Transcodes `google.protobuf.UInt32Value`. */
export const UInt32ValueCodec: MessageCodec = wrapperCodec("UInt32Value", "uint32");
/** Transcodes `google.protobuf.BoolValue`. */
export const BoolValueCodec: MessageCodec = wrapperCodec("BoolValue", "bool");
/** Transcodes `google.protobuf.StringValue`. */
export const StringValueCodec: MessageCodec = wrapperCodec("StringValue", "string");
/** Transcodes `google.protobuf.BytesValue`. */
export const BytesValueCodec: MessageCodec = wrapperCodec("BytesValue", "bytes");
