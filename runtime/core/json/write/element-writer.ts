import type { MessageCodec } from "../codec.js";
import type { Field, MapEntry } from "../field.js";
import { writeUint32, writeUint64 } from "../text/digits.js";
import { floatText } from "../text/float-text.js";
import { WireError } from "../wire/wire-error.js";
import { WireType } from "../wire/wire-type.js";
import { SLACK, ValueWriter } from "./value-writer.js";

/**
 * The value that a transcoding function returns instead of a tag if the wire is legal but not in canonical order. Its
 * output is then invalid, and the whole message must be put in order first.
 */
export const IRREGULAR: number = -1;

/** The result of writing a value. */
export type WriteOutcome = "written" | "unknown" | "irregular";

/** The byte `"`. */
export const QUOTE: number = 0x22;
/** The byte `{`. */
export const OPEN_BRACE: number = 0x7b;
/** The byte `}`. */
export const CLOSE_BRACE: number = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Wire bytes that read as the default of any type. */
const ZEROS = Buffer.alloc(8);

/**
 * Writes values of any type without the names of their fields: the elements of lists, the entries of maps, and
 * messages. A comma precedes every member of an object and every element of a list. At the end, the opening bracket
 * overwrites the first comma.
 */
export abstract class ElementWriter extends ValueWriter {
  /**
   * Writes the elements of a repeated field, beginning with `tag`, as an array without a name. Returns the next tag.
   */
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

  /** Writes the entries of a map, beginning with `tag`, as an object without a name. Returns the next tag. */
  entries(tag: number, field: Field): number {
    const { mapEntry: entry } = field;
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

  /** Writes a value without a name. Returns the next tag. */
  value(field: Field): number {
    return this.write(field) === "irregular" ? IRREGULAR : this.next();
  }

  /** Writes the default of a field's type without reading anything. */
  defaultValue(field: Field): void {
    this.onZeros(() => this.write(field));
  }

  /**
   * Writes one entry of a map, or nothing if its value is unknown. Returns `false` if the entry or the map is
   * irregular.
   */
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
    let outcome: WriteOutcome;
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

  /** Calls a function that reads zeros instead of the wire. Zeros are the default of every type. */
  protected onZeros<Result>(read: () => Result): Result {
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
    if (this.at > end) throw new WireError("truncated last element of a packed field", end - 1);
  }

  /** Writes one element of a list, or nothing if it is unknown. */
  private element(field: Field): void {
    const start = this.length;
    this.reserve(SLACK);
    this.out[this.length++] = COMMA;
    if (this.write(field) === "unknown") this.length = start;
  }

  /** Writes a value without a name. */
  protected write(field: Field): WriteOutcome {
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

  /** Writes a value that is a JSON string, after its opening quote. */
  protected writeQuoted(type: Field["type"]): void {
    if (type === "bytes") {
      this.writeBytes(this.lengthEnd());
      return;
    }
    this.writeContent(type);
    this.out[this.length++] = QUOTE;
  }

  /** Writes a value that is a JSON string, but not bytes, without its quotes. */
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

  protected writeMessage(field: Field): number {
    if (field.delimited) return this.object(field.message, field.tag + 1);
    const outer = this.limit;
    this.limit = this.lengthEnd();
    const rest = this.object(field.message, 0);
    this.limit = outer;
    return rest;
  }

  /** Writes a message that ends with the tag `end`, or at the limit if `end` is `0`. Returns `0`, or `IRREGULAR`. */
  protected object(codec: MessageCodec, end: number): number {
    const start = this.length;
    if (!this.members(codec, end)) return IRREGULAR;
    if (codec.form === undefined) this.close(start, OPEN_BRACE, CLOSE_BRACE);
    return 0;
  }

  protected writeEnum(field: Field): WriteOutcome {
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

  /**
   * Writes the members of a message, or the JSON form of a well-known type. Returns `false` if the message is
   * irregular.
   */
  protected abstract members(codec: MessageCodec, end: number): boolean;
}

/** Decodes a number from zigzag encoding. */
export function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
