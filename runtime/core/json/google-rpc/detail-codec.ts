import { type MessageCodec, messageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { tableToJson } from "../style/table-to-json.js";

/**
 * Makes the codec of a message from its fields alone, in the order of their numbers. It takes longer than a generated one,
 * which does not matter where errors are told. The fields have their JSON names.
 */
export function detailCodec(name: string, fields: readonly Field[]): MessageCodec {
  return messageCodec({
    name: `google.rpc.${name}`,
    fields: Object.fromEntries(fields.map((field) => [field.name, field])),
    names: "json",
    toJson: tableToJson(fields, false),
  });
}
