import type { Field } from "./field.js";
import { NameTable } from "./name-table.js";
import type { MessageReader } from "./read/message-reader.js";
import type { MessageWriter } from "./write/message-writer.js";

/**
 * Writes a message as JSON. It reads the fields from the wire in ascending order of their numbers and writes each one
 * as it is read. Returns the first tag that it does not expect at that point, or `0` at the end of the message.
 */
export type ToJson = (t: MessageWriter) => number;

/** The description of a message in generated code. */
export interface MessageSpec {
  /** The full proto name. */
  readonly name: string;
  /** The fields by proto name in declaration order. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Writes the message's wire bytes as JSON. It must expect the fields in ascending order of their numbers. */
  readonly toJson: ToJson;
  /** The names of fields in the JSON that is written. Readers accept both. Default `proto`. */
  readonly names?: "proto" | "json";
  /**
   * Whether to write fields that have their default value. If `write`, `toJson` must pass each field that is not on the
   * wire to {@link MessageWriter.absent}, except fields with presence. Default `omit`.
   */
  readonly defaults?: "omit" | "write";
  /** The JSON form of a well-known type. */
  readonly form?: JsonForm;
}

/** The special JSON form of a well-known type. The `toJson` of such a type writes the whole value. */
export interface JsonForm {
  readonly kind: FormKind;
  /** Reads the JSON value and writes the message's fields as wire bytes. */
  read(reader: MessageReader): unknown;
}

/**
 * The kinds of JSON forms of well-known types:
 *
 * - `scalar`: the JSON of the one field of a wrapper
 * - `time`, `duration`, `mask`: a string
 * - `object`, `array`: a `Struct` or `ListValue`
 * - `value`: any JSON value, including `null`
 * - `typed`: an object that holds another message. Its fields are a type URL (1) and that message (2).
 * - `empty`: an empty object
 * - `field`: the JSON of one field of a message, which is not a well-known type
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
 * Transcodes one message type between JSON text and protobuf wire bytes. It has a table of the fields, which is used to
 * read JSON, and a function that writes the wire bytes as JSON without a message object in between.
 */
export class MessageCodec {
  /** The full proto name, e.g. `etcdserverpb.RangeRequest`. */
  readonly name: string;
  /** The fields in declaration order. */
  readonly fields: readonly Field[];
  /** The fields in ascending order of their numbers. */
  readonly ordered: readonly Field[];
  /** The names of the oneofs. The reader numbers them after the fields. */
  readonly oneofs: readonly string[];
  /** Fields by proto name and by JSON name. */
  readonly names: NameTable<Field> = new NameTable();
  readonly toJson: ToJson;
  readonly form: JsonForm | undefined;
  /** The names of fields in the JSON that is written. */
  readonly outputNames: "proto" | "json";
  /** Whether fields that are not on the wire are written. */
  readonly writesDefaults: boolean;
  /** The ratio of text bytes to wire bytes in recent messages, used to estimate the size of a buffer. */
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
      field.attach(index, names === "json" ? field.jsonName : field.name);
      field.keepsDefault ||= this.writesDefaults;
      this.#byTag.set(field.tag, field).set(field.otherTag, field);
    }
    for (const field of this.fields) this.names.add(field.name, field);
    for (const field of this.fields) this.names.add(field.jsonName, field);
  }

  /**
   * Returns the field that a tag begins, or `undefined` if the message has no such field or if its wire type differs.
   */
  fieldOf(tag: number): Field | undefined {
    return this.#byTag.get(tag);
  }
}

/** Makes the codec of a message. */
export function messageCodec(spec: MessageSpec): MessageCodec {
  return new MessageCodec(spec);
}
