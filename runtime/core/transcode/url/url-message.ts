import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { Field } from "../../json/field.js";
import { JsonError } from "../../json/read/json-error.js";
import { DEFAULT_MAX_DEPTH, type JsonReadOptions } from "../../json/read/json-read-options.js";
import { MessageReader } from "../../json/read/message-reader.js";
import { WireWriter } from "../../json/wire/wire-writer.js";
import { maskPaths, writeFieldMask } from "../body/request-mask.js";
import { writeSubmessage } from "../body/submessage.js";
import { boolText, textFormOf, textToJson } from "./url-text.js";

/** A text from a URL, as the value of a field. */
export interface UrlText {
  readonly text: string;
  /** The origin of the text, for errors, e.g. `query parameter "shelf.id"`. */
  readonly source: string;
}

/** The target of a text. */
export interface UrlTarget {
  /** The fields on the way to the value, outermost first. All except the last are singular messages. */
  readonly path: readonly Field[];
  /** The key, if the last field is a map. */
  readonly key?: string;
}

/** An entry of a map. */
interface UrlEntry {
  readonly key: string;
  readonly value: UrlText;
}

/**
 * The message, or a part of one, that is built from the path variables and query parameters of a URL. It is collected
 * as a tree first, so that each message in it is written in one piece, because not every server merges pieces.
 */
export class UrlMessage {
  readonly #options: JsonReadOptions;
  readonly #maxDepth: number;
  readonly #messages = new Map<Field, UrlMessage>();
  readonly #values = new Map<Field, [UrlText, ...UrlText[]]>();
  /** The entries of each map, by what {@link UrlMessage.#sameKey} returns for their keys. */
  readonly #maps = new Map<Field, Map<string, UrlEntry>>();
  /** The member that is set, for each oneof. */
  readonly #members = new Map<string, Field>();

  constructor(options: JsonReadOptions) {
    this.#options = options;
    this.#maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
  }

  /** Whether nothing has been added. */
  get isEmpty(): boolean {
    return this.#messages.size + this.#values.size + this.#maps.size === 0;
  }

  /** Whether a field of the message itself has a text other than `""`. */
  has(field: Field): boolean {
    return this.#messages.has(field) || (this.#values.get(field)?.some(({ text }) => text !== "") ?? false);
  }

  /**
   * Adds a text.
   *
   * @throws GatewayError `INVALID_ARGUMENT` if a singular field gets a second text, another member of the same oneof is
   *   set, or the messages are nested too deeply
   */
  add({ path, key }: UrlTarget, value: UrlText): void {
    if (path.length > this.#maxDepth) throw badSource(value.source, `more than ${this.#maxDepth} nested messages`);
    let message: UrlMessage = this;
    for (const field of path.slice(0, -1)) message = message.#enter(field, value);
    const field = path.at(-1);
    if (field !== undefined) message.#set(field, key, value);
  }

  /**
   * Marks a field as set by another part of the request.
   *
   * @throws GatewayError `INVALID_ARGUMENT` if another member of its oneof has been added
   */
  claim(field: Field, source: string): void {
    if (field.oneof === undefined) return;
    const member = this.#members.get(field.oneof) ?? field;
    if (member !== field) {
      throw badSource(source, `second member of the oneof ${field.oneof}, and ${member.name} is already set`);
    }
    this.#members.set(field.oneof, field);
  }

  #enter(field: Field, value: UrlText): UrlMessage {
    this.claim(field, value.source);
    if (this.#values.has(field)) throw badSource(value.source, `${field.name} is already set as a whole`);
    const message = this.#messages.get(field) ?? new UrlMessage(this.#options);
    this.#messages.set(field, message);
    return message;
  }

  #set(field: Field, key: string | undefined, value: UrlText): void {
    this.claim(field, value.source);
    if (key !== undefined) {
      const entries = this.#maps.get(field) ?? new Map<string, UrlEntry>();
      const same = this.#sameKey(field, key, value.source);
      const first = entries.get(same);
      if (first !== undefined)
        throw badSource(value.source, `${field.name} already has this key, from ${first.value.source}`);
      this.#maps.set(field, entries.set(same, { key, value }));
      return;
    }
    if (this.#messages.has(field)) throw badSource(value.source, `a field of ${field.name} is already set`);
    const values = this.#values.get(field);
    if (values === undefined) this.#values.set(field, [value]);
    else if (field.cardinality === "repeated") values.push(value);
    else throw badSource(value.source, `${field.name} already has a value, and is not repeated`);
  }

  /**
   * Writes the message's fields.
   *
   * @throws GatewayError `INVALID_ARGUMENT` if a text is not a valid value of its field, with its source and the reason
   */
  write(out: WireWriter): void {
    for (const [field, values] of this.#values) this.#writeValues(out, field, values);
    for (const [field, entries] of this.#maps) {
      for (const { key, value } of entries.values()) this.#writeEntry(out, field, key, value);
    }
    for (const [field, message] of this.#messages) writeSubmessage(out, field, () => message.write(out));
  }

  #writeValues(out: WireWriter, field: Field, values: readonly [UrlText, ...UrlText[]]): void {
    if (textFormOf(field) === "mask") {
      for (const { text } of values) writeSubmessage(out, field, () => writeFieldMask(out, maskPaths(text)));
    } else if (field.packed) {
      this.#read(
        out,
        values[0].source,
        (reader) => reader.fieldValue(field),
        () => {
          return `[${values.map(({ text }) => textToJson(field, text, this.#maxDepth)).join(",")}]`;
        },
      );
    } else {
      const explicit = field.explicit || field.cardinality === "repeated";
      for (const { text, source } of values) {
        this.#read(
          out,
          source,
          (reader) => reader.singular(field, explicit),
          () => textToJson(field, text, this.#maxDepth),
        );
      }
    }
  }

  /** Returns a text that is the same for all spellings of a map's key, such as `1` and `true`, or `1` and `1.0`. */
  #sameKey({ entry }: Field, key: string, source: string): string {
    if (entry === undefined || entry.key.type === "string") return key;
    const wire = new WireWriter(10);
    this.#read(
      wire,
      source,
      (reader) => reader.singular(entry.key, true),
      () => textToJson(entry.key, key, this.#maxDepth),
    );
    return wire.bytes.toString("latin1", 0, wire.length);
  }

  #writeEntry(out: WireWriter, field: Field, key: string, { text, source }: UrlText): void {
    const { key: keyField, value: valueField } = field.mapEntry;
    this.#read(
      out,
      source,
      (reader) => reader.fieldValue(field),
      () => {
        const name = keyField.type === "bool" ? boolText(key) : key;
        return `{${JSON.stringify(name)}:${textToJson(valueField, text, this.#maxDepth)}}`;
      },
    );
  }

  /** Reads the JSON text that `json` returns, and writes the result. */
  #read(out: WireWriter, source: string, read: (reader: MessageReader) => void, json: () => string): void {
    try {
      const reader = new MessageReader(Buffer.from(json()), this.#options);
      read(reader);
      reader.finish();
      const wire = reader.wire();
      out.append(wire, 0, wire.length);
    } catch (error) {
      if (error instanceof JsonError) throw badSource(source, error.problem, error);
      throw error;
    }
  }
}

function badSource(source: string, problem: string, cause?: unknown): GatewayError {
  return new GatewayError(Status.INVALID_ARGUMENT, `${source}: ${problem}`, { cause });
}
