import { isUtf8 } from "node:buffer";
import type { MessageCodec } from "../codec.js";
import type { Field, MapEntry } from "../field.js";
import { writeUint32, writeUint64 } from "../text/digits.js";
import { floatText } from "../text/float-text.js";
import { findType, type TypeRegistry } from "../type-registry.js";
import { WireError } from "../wire/wire-error.js";
import { MAX_DEPTH } from "../wire/wire-reader.js";
import { WireType } from "../wire/wire-type.js";
import type { JsonWriteOptions } from "./json-write-options.js";
import { NO_WORDS, SLACK, ValueWriter } from "./value-writer.js";

/**
 * What a transcoding function returns in place of a tag if the wire is legal but not in canonical order: nothing that
 * was written counts, and the whole message must be put in order first.
 */
const IRREGULAR = -1;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const NOTHING = Buffer.alloc(0);

/** What stands on the wire for the default of any type. */
const ZEROS = Buffer.alloc(8);

/** What a text is made with, beside the wire. */
export interface TextOptions {
  readonly prefix: string;
  readonly suffix: string;
  readonly json: JsonWriteOptions;
}

/**
 * Writes protobuf wire bytes as JSON text, field by field: the methods named after types read a value, write it with
 * its field's name, and return the next tag. Every member of an object or list is written with a comma before it; in
 * the end the first comma is overwritten with the opening bracket.
 */
export class MessageWriter extends ValueWriter {
  private depth = 0;
  private types: TypeRegistry | undefined;
  private onUnknownType: JsonWriteOptions["onUnknownType"];

  /**
   * Writes a whole message as JSON between two ASCII texts. Returns `undefined` if its fields must be put in canonical
   * order first. The buffer returned is the caller's; small ones share memory, as Node's own do.
   */
  text(codec: MessageCodec, wire: Buffer, { prefix, suffix, json }: TextOptions): Buffer | undefined {
    this.wire = wire;
    this.words = new DataView(wire.buffer, wire.byteOffset, wire.length);
    this.types = json.types;
    this.onUnknownType = json.onUnknownType;
    this.textBytes = json.bytes === "text";
    this.at = 0;
    this.limit = wire.length;
    this.depth = 0;
    this.beginText(prefix, wire.length * codec.expansion);
    if (this.object(codec, 0) !== 0) return undefined;
    const text = this.endText(suffix);
    if (wire.length > 0) codec.expansion = Math.max((text.length / wire.length) * 1.02, codec.expansion * 0.9);
    return text;
  }

  /** Lets go of the wire, so that it can be freed. */
  release(): void {
    this.wire = NOTHING;
    this.words = NO_WORDS;
    this.types = undefined;
    this.onUnknownType = undefined;
  }

  double(field: Field): number {
    return this.floating(field, this.readDouble(), false);
  }

  float(field: Field): number {
    return this.floating(field, this.readFloat(), true);
  }

  int32(field: Field): number {
    return this.signed(field, this.varint32() | 0);
  }

  uint32(field: Field): number {
    return this.unsigned(field, this.varint32());
  }

  sint32(field: Field): number {
    return this.signed(field, zigzag(this.varint32()));
  }

  fixed32(field: Field): number {
    return this.unsigned(field, this.readFixed32());
  }

  sfixed32(field: Field): number {
    return this.signed(field, this.readFixed32() | 0);
  }

  int64(field: Field): number {
    this.varint();
    return this.signed64(field);
  }

  uint64(field: Field): number {
    this.varint();
    return this.unsigned64(field);
  }

  sint64(field: Field): number {
    this.varint();
    this.zigzag64();
    return this.signed64(field);
  }

  fixed64(field: Field): number {
    this.readFixed64();
    return this.unsigned64(field);
  }

  sfixed64(field: Field): number {
    this.readFixed64();
    return this.signed64(field);
  }

  bool(field: Field): number {
    const value = this.readBool();
    if (value || field.keepsDefault) {
      this.name(field);
      this.writeBool(value);
    }
    return this.next();
  }

  string(field: Field): number {
    const end = this.lengthEnd();
    if (end !== this.at || field.keepsDefault) {
      this.name(field);
      this.writeString(end);
      this.out[this.length++] = QUOTE;
    }
    return this.next();
  }

  bytes(field: Field): number {
    const end = this.lengthEnd();
    if (end !== this.at || field.keepsDefault) {
      this.name(field);
      this.writeBytes(end);
    }
    return this.next();
  }

  enum(field: Field): number {
    const start = this.length;
    const { at } = this;
    if (field.keepsDefault || this.varint32() !== 0) {
      this.at = at;
      this.name(field);
      if (this.writeEnum(field) === "unknown") this.length = start;
    }
    return this.next();
  }

  message(field: Field): number {
    this.name(field);
    const tag = this.writeMessage(field);
    return tag === 0 ? this.next() : tag;
  }

  /** A repeated field, packed or not, whose elements all follow each other; `tag` is that of the first. */
  list(tag: number, field: Field): number {
    const before = this.length;
    this.name(field);
    const start = this.length;
    const rest = this.elements(tag, field);
    // Packed runs may be empty.
    if (this.length === start + "[]".length && !field.keepsDefault) this.length = before;
    return rest;
  }

  /** A map whose entries all follow each other. */
  map(field: Field): number {
    this.name(field);
    return this.entries(field.tag, field);
  }

  /** The default of a field that is not on the wire, with its name. */
  absent(field: Field): void {
    this.name(field);
    if (field.cardinality === "repeated") this.json("[]");
    else if (field.cardinality === "map") this.json("{}");
    else if (field.quoted) this.onZeros(() => this.writeQuoted(field.type));
    else this.onZeros(() => this.write(field));
  }

  /** The elements of a repeated field from `tag` on as an array, without a name. */
  elements(tag: number, field: Field): number {
    const start = this.length;
    if (field.type === "message") {
      for (; tag === field.tag; tag = this.next()) {
        this.reserve(SLACK);
        this.out[this.length++] = COMMA;
        if (this.writeMessage(field) !== 0) return IRREGULAR;
      }
    } else {
      for (; tag === field.tag || tag === field.otherTag; tag = this.next()) {
        if (field.tag !== field.otherTag && (tag & 7) === WireType.Bytes) this.run(field);
        else this.element(field);
      }
    }
    this.close(start, OPEN_BRACKET, CLOSE_BRACKET);
    return tag;
  }

  /** The entries of a map from `tag` on as an object, without a name. */
  entries(tag: number, field: Field): number {
    const { entry } = field;
    if (entry === undefined) throw new TypeError(`field ${field.name} is not a map`);
    const start = this.length;
    const keys = new Set<string>();
    for (; tag === field.tag; tag = this.next()) {
      const outer = this.limit;
      this.limit = this.lengthEnd();
      if (!this.entry(entry, keys)) return IRREGULAR;
      this.limit = outer;
    }
    this.close(start, OPEN_BRACE, CLOSE_BRACE);
    return tag;
  }

  /** A value without a name. */
  value(field: Field): number {
    return this.write(field) === "irregular" ? IRREGULAR : this.next();
  }

  /** A `double` without a name, which must be a number. */
  finiteValue(field: Field): number {
    const { at } = this;
    if (!Number.isFinite(this.readDouble())) this.fail(`a ${field.name} that is not a number`);
    this.at = at;
    return this.value(field);
  }

  /** The default of a field's type, which reads nothing. */
  defaultValue(field: Field): void {
    this.onZeros(() => this.write(field));
  }

  /** What a `google.protobuf.Any` holds, with its type URL; `false` if it is irregular. */
  any(url: string, hasValue: boolean): boolean {
    const outer = this.limit;
    this.limit = hasValue ? this.lengthEnd() : this.at;
    const start = this.length;
    if (url !== "" || this.at < this.limit) {
      this.json(`,"@type":${JSON.stringify(url)}`);
      const codec = findType(url, this.types);
      if (codec === undefined) this.unknownType(url);
      else {
        if (codec.form !== undefined) this.json(',"value":');
        if (!this.members(codec, 0)) return false;
      }
    }
    this.close(start, OPEN_BRACE, CLOSE_BRACE);
    this.limit = outer;
    return true;
  }

  /**
   * Writes a message of an unknown type: its wire bytes in base64, as a member `@value`, which no known type has. There
   * is no better way: what has been done at the server must not be answered with an error.
   */
  private unknownType(url: string): void {
    this.onUnknownType?.(url);
    this.json(',"@value":"');
    const { textBytes } = this;
    this.textBytes = false;
    this.writeBytes(this.limit);
    this.textBytes = textBytes;
  }

  /** Reads an `int64` as a double, which is exact up to 2^53. */
  readInt64(): number {
    this.varint();
    return (this.high | 0) * 2 ** 32 + this.low;
  }

  /** Reads an `int32`. */
  readInt32(): number {
    return this.varint32() | 0;
  }

  /** Reads a `string`. */
  readString(): string {
    const end = this.lengthEnd();
    const bytes = this.wire.subarray(this.at, end);
    if (!isUtf8(bytes)) throw new WireError("invalid UTF-8 in a string", this.at);
    this.at = end;
    return bytes.toString();
  }

  /** Fails because JSON cannot express what was read last. */
  fail(problem: string): never {
    throw new WireError(problem, Math.max(this.at - 1, 0), { isSound: true });
  }

  /** Writes one entry of a map, or nothing if its value is unknown; `false` if it or the map is irregular. */
  private entry({ key, value }: MapEntry, keys: Set<string>): boolean {
    const start = this.length;
    this.reserve(SLACK);
    this.out[this.length++] = COMMA;
    let tag = this.next();
    if (tag === key.tag) {
      this.writeKey(key);
      tag = this.next();
    } else this.onZeros(() => this.writeKey(key));
    const name = this.out.toString("latin1", start, this.length);
    if (keys.has(name)) return false;
    this.reserve(SLACK);
    this.out[this.length++] = COLON;
    let outcome: Outcome;
    if (tag === value.tag) {
      outcome = this.write(value);
      if (outcome === "irregular") return false;
      tag = this.next();
    } else outcome = this.onZeros(() => this.write(value));
    if (outcome === "unknown") this.length = start;
    else keys.add(name);
    return tag === 0;
  }

  private writeKey(key: Field): void {
    if (key.quoted) {
      this.write(key);
      return;
    }
    this.out[this.length++] = QUOTE;
    this.write(key);
    this.out[this.length++] = QUOTE;
  }

  /** Reads from zeros, which are the default of every type. */
  private onZeros<Result>(read: () => Result): Result {
    const { wire, at, limit } = this;
    this.wire = ZEROS;
    this.at = 0;
    this.limit = ZEROS.length;
    try {
      return read();
    } catch (error) {
      throw error instanceof WireError ? new WireError(error.problem, at - 1, error) : error;
    } finally {
      this.wire = wire;
      this.at = at;
      this.limit = limit;
    }
  }

  /** Writes a packed run. */
  private run(field: Field): void {
    const end = this.lengthEnd();
    while (this.at < end) this.element(field);
    if (this.at > end) throw new WireError("the last element of a packed field is cut off", end - 1);
  }

  /** Writes one element of a list, or nothing if it is unknown. */
  private element(field: Field): void {
    const start = this.length;
    this.reserve(SLACK);
    this.out[this.length++] = COMMA;
    if (this.write(field) === "unknown") this.length = start;
  }

  /** Writes a value without a name. */
  private write(field: Field): Outcome {
    switch (field.type) {
      case "double":
        this.ascii(floatText(this.readDouble(), false));
        return "written";
      case "float":
        this.ascii(floatText(this.readFloat(), true));
        return "written";
      case "int32":
        this.writeSigned(this.varint32() | 0);
        return "written";
      case "uint32":
        this.length = writeUint32(this.view, this.length, this.varint32());
        return "written";
      case "sint32":
        this.writeSigned(zigzag(this.varint32()));
        return "written";
      case "fixed32":
        this.length = writeUint32(this.view, this.length, this.readFixed32());
        return "written";
      case "sfixed32":
        this.writeSigned(this.readFixed32() | 0);
        return "written";
      case "bool":
        this.writeBool(this.readBool());
        return "written";
      case "enum":
        return this.writeEnum(field);
      case "message":
        return this.writeMessage(field) === 0 ? "written" : "irregular";
      default:
        this.out[this.length++] = QUOTE;
        this.writeQuoted(field.type);
        return "written";
    }
  }

  /** Writes a value that is a JSON string, behind its opening quote. */
  private writeQuoted(type: Field["type"]): void {
    if (type === "bytes") {
      this.writeBytes(this.lengthEnd());
      return;
    }
    this.writeContent(type);
    this.out[this.length++] = QUOTE;
  }

  /** Writes a value that is a JSON string but no bytes, without its quotes. */
  private writeContent(type: Field["type"]): void {
    switch (type) {
      case "string":
        this.writeString(this.lengthEnd());
        return;
      case "int64":
        this.varint();
        this.writeSigned64();
        return;
      case "uint64":
        this.varint();
        break;
      case "sint64":
        this.varint();
        this.zigzag64();
        this.writeSigned64();
        return;
      case "fixed64":
        this.readFixed64();
        break;
      default:
        this.readFixed64();
        this.writeSigned64();
        return;
    }
    this.length = writeUint64(this.view, this.length, this.low, this.high);
  }

  private writeMessage(field: Field): number {
    if (field.delimited) return this.object(field.message, field.tag + 1);
    const outer = this.limit;
    this.limit = this.lengthEnd();
    const rest = this.object(field.message, 0);
    this.limit = outer;
    return rest;
  }

  /** Writes a message that ends with the tag `end`, `0` for the limit; returns `0`, or `IRREGULAR`. */
  private object(codec: MessageCodec, end: number): number {
    const start = this.length;
    if (!this.members(codec, end)) return IRREGULAR;
    if (codec.form === undefined) this.close(start, OPEN_BRACE, CLOSE_BRACE);
    return 0;
  }

  /** Writes the members of a message, or the JSON form of a well-known type; `false` if it is irregular. */
  private members(codec: MessageCodec, end: number): boolean {
    if (++this.depth > MAX_DEPTH) throw new WireError(`more than ${MAX_DEPTH} messages in each other`, this.at);
    const tag = codec.toJson(this);
    if (tag !== end && !this.onlyUnknown(codec, tag, end)) return false;
    this.depth--;
    return true;
  }

  /** Skips unknown fields from `tag` on; `false` if a known one is among them. */
  private onlyUnknown(codec: MessageCodec, tag: number, end: number): boolean {
    for (; tag !== end; tag = this.next()) {
      if (tag === IRREGULAR || codec.fieldOf(tag) !== undefined) return false;
      if (tag === 0) throw new WireError("a group without an end", this.at);
      this.skip(tag);
    }
    return true;
  }

  private writeEnum(field: Field): Outcome {
    const value = this.varint32() | 0;
    const text = field.enum?.text(value);
    if (text !== undefined) {
      this.reserve(text.length + SLACK);
      this.out.set(text, this.length);
      this.length += text.length;
      return "written";
    }
    if (field.enum?.closed === true) return "unknown";
    this.writeSigned(value);
    return "written";
  }

  private signed(field: Field, value: number): number {
    if (value !== 0 || field.keepsDefault) {
      this.name(field);
      this.writeSigned(value);
    }
    return this.next();
  }

  private unsigned(field: Field, value: number): number {
    if (value !== 0 || field.keepsDefault) {
      this.name(field);
      this.length = writeUint32(this.view, this.length, value);
    }
    return this.next();
  }

  private signed64(field: Field): number {
    if (this.low !== 0 || this.high !== 0 || field.keepsDefault) {
      this.name(field);
      this.writeSigned64();
      this.out[this.length++] = QUOTE;
    }
    return this.next();
  }

  private unsigned64(field: Field): number {
    if (this.low !== 0 || this.high !== 0 || field.keepsDefault) {
      this.name(field);
      this.length = writeUint64(this.view, this.length, this.low, this.high);
      this.out[this.length++] = QUOTE;
    }
    return this.next();
  }

  private floating(field: Field, value: number, single: boolean): number {
    if (!Object.is(value, 0) || field.keepsDefault) {
      this.name(field);
      this.ascii(floatText(value, single));
    }
    return this.next();
  }
}

/** What became of a value. */
type Outcome = "written" | "unknown" | "irregular";

function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
