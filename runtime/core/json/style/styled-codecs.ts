import { MessageCodec } from "../codec.js";
import { Field } from "../field.js";
import type { TypeRegistry } from "../type-registry.js";
import type { JsonStyle } from "./json-style.js";
import { tableToJson } from "./table-to-json.js";

/**
 * Codecs that write JSON in a given style. They are made from the tables of the generated codecs when they are first
 * needed, and take about twice as long.
 */
export class StyledCodecs {
  readonly #style: JsonStyle;
  readonly #made = new Map<MessageCodec, MessageCodec>();

  constructor(style: JsonStyle) {
    this.#style = style;
  }

  /** Returns the codec of a message in this style. Well-known types have their own JSON form in every style. */
  of(codec: MessageCodec): MessageCodec {
    if (codec.form !== undefined) return codec;
    const styled = this.#made.get(codec) ?? this.#make(codec);
    this.#made.set(codec, styled);
    return styled;
  }

  /** Returns the types that a `google.protobuf.Any` may hold, in this style. */
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
