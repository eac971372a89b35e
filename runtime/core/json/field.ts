import type { MessageCodec } from "./codec.js";
import { EnumTable, LazyEnum } from "./enum-table.js";
import { jsonNameOf } from "./json-name.js";
import { quoted as quotedName } from "./text/quoted.js";
import { WireType, wireTypeOf } from "./wire/wire-type.js";

/** A protobuf scalar type. */
export type Scalar =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "bytes";

/**
 * The type of a field in generated code: a scalar, the table of an enum, or a function that returns a message's codec.
 */
export type FieldType = Scalar | EnumTable | LazyEnum | (() => MessageCodec);

/** The properties of a field in generated code that differ from the defaults. */
export interface FieldOptions {
  /** The JSON name, if it is not the proto name in lowerCamelCase. */
  readonly jsonName?: string;
  /** The oneof that contains the field. */
  readonly oneof?: string;
  /**
   * Whether the field has presence, so that an absent field differs from its default (`optional`, proto2). Messages and
   * members of a oneof always have presence.
   */
  readonly explicit?: boolean;
  /** Whether the field is required (proto2). */
  readonly required?: boolean;
  /** Whether a repeated scalar is written packed. By default it is, if its type allows it. */
  readonly packed?: boolean;
  /** Whether the message is encoded as a group. */
  readonly delimited?: boolean;
}

/** One field of a message, with everything that transcoding needs. */
export class Field {
  readonly number: number;
  /** The proto name. */
  readonly name: string;
  /** The JSON name. */
  readonly jsonName: string;
  readonly type: Scalar | "enum" | "message";
  readonly cardinality: "singular" | "repeated" | "map";
  /** The oneof that contains the field. */
  readonly oneof: string | undefined;
  /** Whether the field has presence. If not, its default is not written on the wire. */
  readonly explicit: boolean;
  /** Whether the field is required (proto2). */
  readonly required: boolean;
  /** Whether a default value on the wire is written as JSON: if `explicit`, or if the message writes its defaults. */
  keepsDefault: boolean;
  /** Whether the values are written as one packed run. */
  readonly packed: boolean;
  /** Whether the message is encoded as a group. */
  readonly delimited: boolean;
  /** Whether every value is a JSON string. */
  readonly quoted: boolean;
  /** A map's entry as a message on the wire: `key` (1) and `value` (2). */
  readonly entry: MapEntry | undefined;
  /** The tag that the field is written with. */
  readonly tag: number;
  /**
   * The other tag that readers accept: the unpacked one if the field is written packed, and the reverse. The same as
   * `tag` if there is no other.
   */
  readonly otherTag: number;
  /** The index in the message's table. */
  index = 0;
  /** The name in the JSON that is written. */
  output = "";
  /**
   * A comma, the name and a colon as JSON text, plus the opening quote if the value is a JSON string. The bytes are
   * stored as words of eight bytes, and each word is written as one double. (No valid UTF-8 is a NaN, so the bits do
   * not change.)
   */
  text: Float64Array = new Float64Array(0);
  /** The length of `text` in bytes. */
  textLength = 0;
  readonly #lazyEnum: LazyEnum | undefined;
  #enum: EnumTable | undefined;
  readonly #codec: (() => MessageCodec) | undefined;
  #resolved: MessageCodec | undefined;

  constructor(
    number: number,
    name: string,
    type: FieldType,
    cardinality: "singular" | "repeated" | "map",
    options: FieldOptions,
    mapKey?: Scalar,
  ) {
    this.number = number;
    this.name = name;
    this.jsonName = options.jsonName ?? jsonNameOf(name);
    this.type = typeof type === "object" ? "enum" : typeof type === "function" ? "message" : type;
    this.cardinality = cardinality;
    this.oneof = options.oneof;
    this.required = options.required ?? false;
    this.explicit = options.explicit === true || this.required || this.oneof !== undefined || this.type === "message";
    this.keepsDefault = this.explicit;
    this.quoted = isQuoted(this.type);
    this.delimited = options.delimited ?? false;
    this.#enum = type instanceof EnumTable ? type : undefined;
    this.#lazyEnum = type instanceof LazyEnum ? type : undefined;
    this.#codec = typeof type === "function" ? type : undefined;
    this.entry = mapKey === undefined ? undefined : new MapEntry(mapKey, type);
    const wireType = cardinality === "map" ? WireType.Bytes : wireTypeOf(this.type, this.delimited);
    const packable = cardinality === "repeated" && wireType !== WireType.Bytes && wireType !== WireType.StartGroup;
    this.packed = packable && (options.packed ?? true);
    const element = ((number << 3) | wireType) >>> 0;
    const run = packable ? ((number << 3) | WireType.Bytes) >>> 0 : element;
    this.tag = this.packed ? run : element;
    this.otherTag = this.packed ? element : run;
  }

  /** The table of the enum, if the field is an enum. */
  get enum(): EnumTable | undefined {
    this.#enum ??= this.#lazyEnum?.table();
    return this.#enum;
  }

  /** The type, as in generated code. */
  get givenType(): FieldType {
    if (this.type === "message") return () => this.message;
    if (this.type !== "enum") return this.type;
    const { enum: table } = this;
    if (table === undefined) throw new TypeError(`field ${this.name} has no enum`);
    return table;
  }

  /** The type of the keys, if the field is a map. */
  get keyType(): Scalar | undefined {
    const type = this.entry?.key.type;
    if (type === "enum" || type === "message") throw new TypeError(`a map cannot have keys of the type ${type}`);
    return type;
  }

  /** The entry of the map. Throws a `TypeError` if the field is not a map. */
  get mapEntry(): MapEntry {
    if (this.entry === undefined) throw new TypeError(`field ${this.name} is not a map`);
    return this.entry;
  }

  /** The codec of the message. Throws a `TypeError` if the field is not a message. */
  get message(): MessageCodec {
    this.#resolved ??= this.#codec?.();
    if (this.#resolved === undefined) throw new TypeError(`field ${this.name} is not a message`);
    return this.#resolved;
  }

  /** Sets the index in the message's table and the name in the JSON that is written. */
  attach(index: number, output: string): void {
    this.index = index;
    this.output = output;
    const quote = this.cardinality === "singular" && this.quoted ? '"' : "";
    const bytes = Buffer.from(`,${quotedName(output)}:${quote}`);
    this.textLength = bytes.length;
    const padded = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
    bytes.copy(padded);
    this.text = Float64Array.from({ length: padded.length / 8 }, (_, i) => padded.readDoubleLE(i * 8));
  }
}

/** The entry of a map. */
export class MapEntry {
  readonly key: Field;
  readonly value: Field;

  constructor(key: Scalar, value: FieldType) {
    this.key = new Field(1, "key", key, "singular", { explicit: true });
    this.value = new Field(2, "value", value, "singular", { explicit: true });
  }

  /** The fields in ascending order of their numbers. */
  get ordered(): readonly Field[] {
    return [this.key, this.value];
  }

  /** Returns the field that a tag begins. */
  fieldOf(tag: number): Field | undefined {
    return tag === this.key.tag ? this.key : tag === this.value.tag ? this.value : undefined;
  }
}

/** Whether every value of a type is a JSON string. */
function isQuoted(type: Field["type"]): boolean {
  switch (type) {
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
    case "string":
    case "bytes":
      return true;
    default:
      return false;
  }
}

/** Makes a singular field. */
export function field(number: number, name: string, type: FieldType, options: FieldOptions = {}): Field {
  return new Field(number, name, type, "singular", options);
}

/** Makes a repeated field. */
export function repeated(number: number, name: string, type: FieldType, options: FieldOptions = {}): Field {
  return new Field(number, name, type, "repeated", options);
}

/** Makes a map field. */
export function map(number: number, name: string, key: Scalar, value: FieldType, options: FieldOptions = {}): Field {
  return new Field(number, name, value, "map", options, key);
}
