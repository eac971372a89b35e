import { MessageCodec } from "../codec.js";
import { Field } from "../field.js";
import type { TypeRegistry } from "../type-registry.js";
import type { JsonStyle } from "./json-style.js";
import { tableToJson } from "./table-to-json.js";

/**
 * Codecs that write in a style: made of the tables of generated ones, when they are first needed. They write as those do,
 * but take about twice the time.
 */
export class StyledCodecs {
  readonly #style: JsonStyle;
  readonly #made = new Map<MessageCodec, MessageCodec>();

  constructor(style: JsonStyle) {
    this.#style = style;
  }

  /** The codec of a message in this style. A well-known type has its own JSON. */
  of(codec: MessageCodec): MessageCodec {
    if (codec.form !== undefined) return codec;
    const styled = this.#made.get(codec) ?? this.#make(codec);
    this.#made.set(codec, styled);
    return styled;
  }

  /** The types that a `google.protobuf.Any` may hold, in this style. */
  types(types: TypeRegistry): TypeRegistry {
    return new Map([...types].map(([name, codec]) => [name, this.of(codec)]));
  }

  #make({ name, ordered, fields, outputNames, writesDefaults }: MessageCodec): MessageCodec {
    const { names = outputNames, defaults = writesDefaults ? "write" : "omit" } = this.#style;
    const copies = new Map(fields.map((field) => [field, this.#copy(field)]));
    return new MessageCodec({
      name,
      fields: Object.fromEntries([...copies.values()].map((copy) => [copy.name, copy])),
      names,
      defaults,
      toJson: tableToJson(
        ordered.flatMap((field) => copies.get(field) ?? []),
        defaults === "write",
      ),
    });
  }

  #copy(field: Field): Field {
    const { number, name, cardinality, jsonName, oneof, explicit, required, packed, delimited, keyType } = field;
    const type = field.type === "message" ? () => this.of(field.message) : field.givenType;
    const options = { jsonName, explicit, required, packed, delimited, ...(oneof !== undefined && { oneof }) };
    return new Field(number, name, type, cardinality, options, keyType);
  }
}
