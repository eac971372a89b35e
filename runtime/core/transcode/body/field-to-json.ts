import { type FormKind, MessageCodec } from "../../json/codec.js";
import { Field } from "../../json/field.js";
import type { JsonWriteOptions } from "../../json/write/json-write-options.js";
import type { MessageWriter } from "../../json/write/message-writer.js";
import { wireToJson } from "../../json/write/wire-to-json.js";
import { fieldPieces } from "./field-pieces.js";

/** Makes JSON text of a message, or a part of it, given as wire bytes. `prefix` and `suffix` are put around it. */
export type ToJsonText = (wire: Buffer, prefix?: string, suffix?: string) => Buffer;

/**
 * Makes the function that writes one field of a message as JSON, its value alone. An absent field is its default: `[]`
 * and `{}` for lists, maps and messages. It is `null` where absence is told from the default, and for well-known types
 * that are no objects.
 */
export function fieldToJson(codec: MessageCodec, field: Field, options: JsonWriteOptions): ToJsonText {
  const value = valueCodec(codec, field);
  return (wire, prefix, suffix) => wireToJson(value, fieldPieces(codec, field, wire), prefix, suffix, options);
}

/** A codec whose messages have one field only, and are written as its value. */
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

/** The JSON of the default, by kind: that of well-known types which are objects or arrays. */
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
