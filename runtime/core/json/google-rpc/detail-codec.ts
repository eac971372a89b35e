import { type MessageCodec, messageCodec } from "../codec.js";
import type { Field } from "../field.js";
import type { MessageWriter } from "../write/message-writer.js";

/**
 * Makes the codec of a message without oneofs from its fields alone, in the order of their numbers. It takes longer than
 * a generated one, which does not matter where errors are told. The fields have their JSON names.
 */
export function detailCodec(name: string, fields: readonly Field[]): MessageCodec {
  return messageCodec({
    name: `google.rpc.${name}`,
    fields: Object.fromEntries(fields.map((field) => [field.name, field])),
    names: "json",
    toJson(t) {
      let tag = t.next();
      for (const field of fields) if (tag === field.tag) tag = write(t, field);
      return tag;
    },
  });
}

function write(t: MessageWriter, field: Field): number {
  if (field.cardinality === "map") return t.map(field);
  if (field.cardinality === "repeated") return t.list(field.tag, field);
  switch (field.type) {
    case "int32":
      return t.int32(field);
    case "int64":
      return t.int64(field);
    case "message":
      return t.message(field);
    default:
      return t.string(field);
  }
}
