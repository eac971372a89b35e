import type { Field } from "./field.js";
import { NameTable } from "./name-table.js";
import type { MessageReader } from "./read/message-reader.js";
import type { MessageWriter } from "./write/message-writer.js";

/**
 * Writes a message as JSON: reads its fields from the wire in the order of their numbers and writes each as it comes.
 * Returns the first tag that it has no use for there, `0` if it came to the end of the message.
 */
export type ToJson = (t: MessageWriter) => number;

/** What generated code says of a message. */
export interface MessageSpec {
  /** The full proto name. */
  readonly name: string;
  /** The fields by proto name in declaration order. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Writes its wire bytes as JSON. It must take the fields in the order of their numbers. */
  readonly toJson: ToJson;
  /** The names that fields have in the JSON that is written; all are read. Default `proto`. */
  readonly names?: "proto" | "json";
  /**
   * Whether fields that have their default are written. If so, `toJson` must also give those that are not on the wire to
   * {@link MessageWriter.absent}, save for fields with presence. Default `omit`.
   */
  readonly defaults?: "omit" | "write";
  /** The JSON form of a well-known type. */
  readonly form?: JsonForm;
}

/** The JSON form of a well-known type that is not that of its fields. Its `toJson` then writes the whole value. */
export interface JsonForm {
  readonly kind: FormKind;
  /** Reads the JSON value and writes the message's fields. */
  read(reader: MessageReader): unknown;
}

/**
 * What the JSON of a well-known type is:
 *
 * - `scalar`: that of the one field of a wrapper
 * - `time`, `duration`, `mask`: a string
 * - `object`, `array`: a `Struct` or `ListValue`
 * - `value`: any JSON value, `null` among them
 * - `typed`: an object that holds another message, whose fields are a type URL (1) and that message (2)
 * - `empty`: an empty object
 * - `field`: that of one field of a message, which is no well-known type
 */
export type FormKind =
  | "scalar"
  | "time"
  | "duration"
  | "mask"
  | "object"
  | "array"
  | "value"
  | "typed"
  | "empty"
  | "field";

/**
 * Transcodes one message type between JSON text and protobuf wire bytes: a table of its fields, which reading JSON goes
 * by, and a function that writes the wire as JSON without a message in between.
 */
export class MessageCodec {
  /** The full proto name, e.g. `etcdserverpb.RangeRequest`. */
  readonly name: string;
  /** The fields in declaration order. */
  readonly fields: readonly Field[];
  /** The fields in the order of their numbers. */
  readonly ordered: readonly Field[];
  /** The names of the oneofs; a member's place after the fields is its oneof's. */
  readonly oneofs: readonly string[];
  /** Fields by proto name and by JSON name. */
  readonly names: NameTable<Field> = new NameTable();
  readonly toJson: ToJson;
  readonly form: JsonForm | undefined;
  /** The names that fields have in the JSON that is written. */
  readonly outputNames: "proto" | "json";
  /** Whether fields that are not on the wire are written. */
  readonly writesDefaults: boolean;
  /** How many bytes of text a byte of wire has become lately; a guess of what to make room for. */
  expansion = 2;
  readonly #byTag: Map<number, Field> = new Map();

  constructor({ name, fields, toJson, names = "proto", defaults = "omit", form }: MessageSpec) {
    this.name = name;
    this.fields = Object.values(fields);
    this.ordered = [...this.fields].sort((a, b) => a.number - b.number);
    this.toJson = toJson;
    this.form = form;
    this.outputNames = names;
    this.writesDefaults = defaults === "write";
    this.oneofs = [...new Set(this.fields.flatMap(({ oneof }) => (oneof === undefined ? [] : [oneof])))];
    for (const [index, field] of this.fields.entries()) {
      field.place(index, names === "json" ? field.jsonName : field.name);
      field.keepsDefault ||= this.writesDefaults;
      this.#byTag.set(field.tag, field).set(field.otherTag, field);
    }
    for (const field of this.fields) this.names.add(field.name, field);
    for (const field of this.fields) this.names.add(field.jsonName, field);
  }

  /** The field that a tag begins; none if the message has no such field, or has it with another wire type. */
  fieldOf(tag: number): Field | undefined {
    return this.#byTag.get(tag);
  }
}

/** Makes the codec of a message. */
export function messageCodec(spec: MessageSpec): MessageCodec {
  return new MessageCodec(spec);
}
