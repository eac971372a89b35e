import { type MessageCodec, messageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { tableToJson } from "../style/table-to-json.js";

/**
 * Makes the codec of a message from its fields only, which must be in ascending order of their numbers. It is slower
 * than a generated codec, which does not matter for errors. The fields have their JSON names.
 */
export function detailCodec(name: string, fields: readonly Field[]): MessageCodec {
  return messageCodec({
    name: `google.rpc.${name}`,
    fields: Object.fromEntries(fields.map((field) => [field.name, field])),
    names: "json",
    toJson: tableToJson(fields, false),
  });
}
