import type { Field } from "./field.js";
import type { MessageReader } from "./message-reader.js";
import { NameTable } from "./name-table.js";
import type { Transcoder } from "./transcoder.js";

/**
 * Writes a message as JSON: reads its fields from the wire in the order of their numbers and writes each as it comes.
 * Returns the first tag that it has no use for there, `0` if it came to the end of the message.
 */
export type Transcode = (t: Transcoder) => number;

/** What makes a well-known type special: it has a JSON form of its own. */
export interface JsonForm {
  /** Reads the JSON value and writes the message's fields. */
  read(reader: MessageReader): void;
  /** Whether `null` is a value of the type rather than its absence. */
  readonly acceptsNull?: boolean;
}

/** What generated code says of a message where it is not the usual. */
export interface MessageOptions {
  /** The names that fields have in the JSON that is written; both are read. Default `proto`. */
  readonly names?: "proto" | "json";
  /** The own JSON form of a well-known type. */
  readonly form?: JsonForm;
}

/**
 * Transcodes one message type between JSON text and protobuf wire bytes: a table of its fields, which reading JSON goes
 * by, and a function that writes the wire as JSON without a message in between.
 */
export class MessageCodec {
  /** The full proto name, e.g. `etcdserverpb.RangeRequest`. */
  readonly name: string;
  /** The fields in declaration order. */
  readonly fields: readonly Field[];
  /** The names of the oneofs; a member's place after the fields is its oneof's. */
  readonly oneofs: readonly string[];
  /** Fields by proto name and by JSON name. */
  readonly names: NameTable<Field> = new NameTable();
  readonly transcode: Transcode;
  readonly form: JsonForm | undefined;
  readonly #byTag: Map<number, Field> = new Map();

  constructor(name: string, fields: readonly Field[], transcode: Transcode, options: MessageOptions) {
    this.name = name;
    this.fields = fields;
    this.transcode = transcode;
    this.form = options.form;
    this.oneofs = [...new Set(fields.flatMap(({ oneof }) => (oneof === undefined ? [] : [oneof])))];
    for (const [index, field] of fields.entries()) {
      field.place(index, options.names === "json" ? field.jsonName : field.name);
      this.#byTag.set(field.tag, field).set(field.otherTag, field);
    }
    for (const field of fields) this.names.add(field.name, field);
    for (const field of fields) this.names.add(field.jsonName, field);
  }

  /** The field that a tag begins; none if the message has no such field, or has it with another wire type. */
  fieldOf(tag: number): Field | undefined {
    return this.#byTag.get(tag);
  }
}

/**
 * Makes the codec of a message from its fields in declaration order and the function that writes it as JSON, which
 * must take the fields in the order of their numbers.
 */
export function messageCodec(
  name: string,
  fields: Readonly<Record<string, Field>>,
  transcode: Transcode,
  options: MessageOptions = {},
): MessageCodec {
  return new MessageCodec(name, Object.values(fields), transcode, options);
}
