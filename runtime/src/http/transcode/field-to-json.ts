import { MessageCodec } from "../../json/codec.js";
import { Field, type FieldType, type Scalar } from "../../json/field.js";
import type { Transcoder } from "../../json/transcoder.js";
import { wireToJson } from "../../json/wire-to-json.js";
import { fieldPieces } from "./field-pieces.js";

/** Makes JSON text of one field of a message, given as wire bytes. `prefix` and `suffix` are put around it. */
export type FieldToJson = (wire: Buffer, prefix?: string, suffix?: string) => Buffer;

/**
 * Makes the function that writes a message's field as JSON, its value alone. The value of an absent field is its
 * default, `[]` and `{}` for lists, maps and messages; `null` where absence is told from the default, and for well-known
 * types that are no objects.
 */
export function fieldToJson(codec: MessageCodec, field: Field): FieldToJson {
  const alone = codecOf(codec, field);
  const absent = Buffer.from(absentJson(field));
  return (wire, prefix = "", suffix = "") => {
    // An object with one member whose name is empty; or none.
    const json = wireToJson(alone, fieldPieces(codec, field, wire));
    const value = json.length === EMPTY_OBJECT ? absent : json.subarray(NAME_LENGTH, -1);
    return prefix === "" && suffix === "" ? value : Buffer.concat([Buffer.from(prefix), value, Buffer.from(suffix)]);
  };
}

const EMPTY_OBJECT = "{}".length;
const NAME_LENGTH = '{"":'.length;

/** The codec of a message that has one field only, with an empty name. */
function codecOf(codec: MessageCodec, field: Field): MessageCodec {
  const alone = new Field(
    field.number,
    field.name,
    typeOf(field),
    field.cardinality,
    { jsonName: "", explicit: true, packed: field.packed, delimited: field.delimited },
    keyOf(field),
  );
  return new MessageCodec({
    name: codec.name,
    names: "json",
    fields: { [field.name]: alone },
    toJson: (t) => writeField(t, alone),
  });
}

function writeField(t: Transcoder, field: Field): number {
  const tag = t.next();
  if (tag === 0) return tag;
  if (field.cardinality === "map") return t.map(field);
  return field.cardinality === "repeated" ? t.list(tag, field) : t[field.type](field);
}

function typeOf(field: Field): FieldType {
  if (field.type === "message") return () => field.message;
  if (field.type !== "enum") return field.type;
  if (field.enum === undefined) throw new TypeError(`field ${field.name} has no enum`);
  return field.enum;
}

function absentJson(field: Field): string {
  if (field.cardinality !== "singular") return field.cardinality === "map" ? "{}" : "[]";
  if (field.type === "message") return field.message.form === undefined ? "{}" : "null";
  if (field.explicit) return "null";
  if (field.quoted) return field.type === "string" || field.type === "bytes" ? '""' : '"0"';
  if (field.type === "bool") return "false";
  return field.enum?.text(0)?.toString() ?? "0";
}

function keyOf({ entry }: Field): Scalar | undefined {
  const type = entry?.key.type;
  if (type === "enum" || type === "message") throw new TypeError(`a map cannot have keys of the type ${type}`);
  return type;
}
