import { type MessageCodec, messageCodec } from "../codec.js";
import { type EnumTable, enumTable } from "../enum-table.js";
import { field, map, repeated } from "../field.js";

/** The table of `google.protobuf.NullValue`. Its only value is `null` in JSON. */
export const NullValueEnum: EnumTable = enumTable({
  name: "google.protobuf.NullValue",
  values: {
    NULL_VALUE: 0,
  },
  isNull: true,
});

const Struct = {
  fields: map(1, "fields", "string", () => ValueCodec),
};

/** Transcodes `google.protobuf.Struct`: any JSON object. */
export const StructCodec: MessageCodec = messageCodec({
  name: "google.protobuf.Struct",
  fields: Struct,
  toJson: (t) => t.entries(t.next(), Struct.fields),
  form: { kind: "object", read: (reader) => reader.field(Struct.fields) },
});

const ListValue = {
  values: repeated(1, "values", () => ValueCodec),
};

/** Transcodes `google.protobuf.ListValue`: any JSON array. */
export const ListValueCodec: MessageCodec = messageCodec({
  name: "google.protobuf.ListValue",
  fields: ListValue,
  toJson: (t) => t.elements(t.next(), ListValue.values),
  form: { kind: "array", read: (reader) => reader.field(ListValue.values) },
});

const Value = {
  null_value: field(1, "null_value", NullValueEnum, { oneof: "kind" }),
  number_value: field(2, "number_value", "double", { oneof: "kind" }),
  string_value: field(3, "string_value", "string", { oneof: "kind" }),
  bool_value: field(4, "bool_value", "bool", { oneof: "kind" }),
  struct_value: field(5, "struct_value", () => StructCodec, { oneof: "kind" }),
  list_value: field(6, "list_value", () => ListValueCodec, { oneof: "kind" }),
};

/** Transcodes `google.protobuf.Value`: any JSON value. */
export const ValueCodec: MessageCodec = messageCodec({
  name: "google.protobuf.Value",
  fields: Value,
  toJson(t) {
    const tag = t.next();
    switch (tag) {
      case 8:
        return t.value(Value.null_value);
      case 17:
        return t.finiteValue(Value.number_value);
      case 26:
        return t.value(Value.string_value);
      case 32:
        return t.value(Value.bool_value);
      case 42:
        return t.value(Value.struct_value);
      case 50:
        return t.value(Value.list_value);
      default:
        return t.fail("google.protobuf.Value without a value");
    }
  },
  form: {
    kind: "value",
    read(reader) {
      switch (reader.peek()) {
        case "null":
          return reader.field(Value.null_value);
        case "number":
          return reader.field(Value.number_value);
        case "string":
          return reader.field(Value.string_value);
        case "object":
          return reader.field(Value.struct_value);
        case "array":
          return reader.field(Value.list_value);
        default:
          return reader.field(Value.bool_value);
      }
    },
  },
});
