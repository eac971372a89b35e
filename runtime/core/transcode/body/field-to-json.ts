import { type FormKind, MessageCodec } from "../../json/codec.js";
import { Field } from "../../json/field.js";
import type { JsonWriteOptions } from "../../json/write/json-write-options.js";
import type { MessageWriter } from "../../json/write/message-writer.js";
import { wireToJson } from "../../json/write/wire-to-json.js";
import { fieldPieces } from "./field-pieces.js";

/** Converts wire bytes of a message, or of a part of it, to JSON text, with `prefix` and `suffix` around it. */
export type ToJsonText = (wire: Buffer, prefix?: string, suffix?: string) => Buffer;

/**
 * Creates the function that writes the value of one field as JSON. For an absent field it writes:
 *
 * - `[]` for a list, and for a well-known type whose JSON is an array
 * - `{}` for a map, a message, and a well-known type whose JSON is an object
 * - `null` for any other well-known type, and for a field with explicit presence
 * - otherwise the default value of the type
 */
export function fieldToJson(codec: MessageCodec, field: Field, options: JsonWriteOptions): ToJsonText {
  const value = valueCodec(codec, field);
  return (wire, prefix, suffix) => wireToJson(value, fieldPieces(codec, field, wire), prefix, suffix, options);
}

/** A codec for messages that have only this field; it writes just the field's value. */
function valueCodec({ name }: MessageCodec, field: Field): MessageCodec {
  const alone = new Field(
    field.number,
    field.name,
    field.givenType,
    field.cardinality,
    { explicit: true, packed: field.packed, delimited: field.delimited },
    field.keyType,
  );
  const absent = absentJson(field);
  return new MessageCodec({
    name,
    fields: { [field.name]: alone },
    toJson: (t) => writeValue(t, alone, absent),
    form: { kind: "field", read: () => {} },
  });
}

function writeValue(t: MessageWriter, field: Field, absent: string): number {
  const tag = t.next();
  if (tag === 0) {
    t.json(absent);
    return tag;
  }
  if (field.cardinality === "map") return t.entries(tag, field);
  return field.cardinality === "repeated" ? t.elements(tag, field) : t.value(field);
}

/** The JSON of an absent well-known type whose JSON is an object or an array. */
const EMPTY_FORMS: Readonly<Partial<Record<FormKind, string>>> = {
  typed: "{}",
  empty: "{}",
  array: "[]",
  object: "{}",
};

function absentJson(field: Field): string {
  if (field.cardinality !== "singular") return field.cardinality === "map" ? "{}" : "[]";
  if (field.type === "message") {
    const { form } = field.message;
    return form === undefined ? "{}" : (EMPTY_FORMS[form.kind] ?? "null");
  }
  if (field.explicit) return "null";
  if (field.quoted) return field.type === "string" || field.type === "bytes" ? '""' : '"0"';
  if (field.type === "bool") return "false";
  return field.enum?.text(0)?.toString() ?? "0";
}
