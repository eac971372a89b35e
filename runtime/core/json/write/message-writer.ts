import { isUtf8 } from "node:buffer";
import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { writeUint32, writeUint64 } from "../text/digits.js";
import { floatText } from "../text/float-text.js";
import { findType, type TypeRegistry } from "../type-registry.js";
import { MAX_DEPTH } from "../wire/max-depth.js";
import { endlessGroup, invalidUtf8, nestedTooDeep, WireError } from "../wire/wire-error.js";
import { CLOSE_BRACE, ElementWriter, IRREGULAR, OPEN_BRACE, QUOTE, zigzag } from "./element-writer.js";
import type { JsonWriteOptions } from "./json-write-options.js";
import { NO_WORDS } from "./value-writer.js";

const NOTHING = Buffer.alloc(0);

/** The options of a text: what to write around the JSON, and how to write the JSON. */
export interface TextOptions {
  readonly prefix: string;
  readonly suffix: string;
  readonly json: JsonWriteOptions;
  /** Whether the wire is in canonical order already. Then an irregular message is malformed. */
  readonly isCanonical: boolean;
}

/**
 * Writes protobuf wire bytes as JSON text, field by field. Each method that is named after a type reads a value, writes
 * it with the name of its field, and returns the next tag.
 */
export class MessageWriter extends ElementWriter {
  private depth = 0;
  private types: TypeRegistry | undefined;
  private onUnknownType: JsonWriteOptions["onUnknownType"];
  private onMalformedMessage: JsonWriteOptions["onMalformedMessage"];
  private isCanonical = false;

  /**
   * Writes a whole message as JSON between two ASCII texts. Returns `undefined` if the fields must be put in canonical
   * order first. The caller owns the returned buffer. Small buffers share memory, like Node's own.
   */
  text(codec: MessageCodec, wire: Buffer, { prefix, suffix, json, isCanonical }: TextOptions): Buffer | undefined {
    this.wire = wire;
    this.words = new DataView(wire.buffer, wire.byteOffset, wire.length);
    this.types = json.types;
    this.onUnknownType = json.onUnknownType;
    this.onMalformedMessage = json.onMalformedMessage;
    this.isCanonical = isCanonical;
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

  /** Releases the wire bytes, so that they can be garbage-collected. */
  release(): void {
    this.wire = NOTHING;
    this.words = NO_WORDS;
    this.types = undefined;
    this.onUnknownType = undefined;
    this.onMalformedMessage = undefined;
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

  /**
   * Writes a repeated field whose elements are contiguous on the wire, packed or not. `tag` is the tag of the first
   * element.
   */
  list(tag: number, field: Field): number {
    const before = this.length;
    this.name(field);
    const start = this.length;
    const rest = this.elements(tag, field);
    // A packed run may be empty.
    if (this.length === start + "[]".length && !field.keepsDefault) this.length = before;
    return rest;
  }

  /** Writes a map whose entries are contiguous on the wire. */
  map(field: Field): number {
    this.name(field);
    return this.entries(field.tag, field);
  }

  /** Writes the default of a field that is not on the wire, with its name. */
  absent(field: Field): void {
    this.name(field);
    if (field.cardinality === "repeated") this.json("[]");
    else if (field.cardinality === "map") this.json("{}");
    else if (field.quoted) this.onZeros(() => this.writeQuoted(field.type));
    else this.onZeros(() => this.write(field));
  }

  /** Writes a `double` without a name. Fails if it is not a finite number. */
  finiteValue(field: Field): number {
    const { at } = this;
    if (!Number.isFinite(this.readDouble())) this.fail(`${field.name} is not a finite number`);
    this.at = at;
    return this.value(field);
  }

  /** Writes the message in a `google.protobuf.Any` with its type URL. Returns `false` if the message is irregular. */
  any(url: string, hasValue: boolean): boolean {
    const outer = this.limit;
    const end = hasValue ? this.lengthEnd() : this.at;
    this.limit = end;
    const start = this.length;
    if (url !== "" || this.at < end) {
      this.json(`,"@type":${JSON.stringify(url)}`);
      const codec = findType(url, this.types);
      if (codec === undefined) {
        this.onUnknownType?.(url);
        this.opaque(end);
      } else {
        const { at, length, depth } = this;
        const isRegular = this.content(codec);
        if (isRegular === false && !this.isCanonical) return false;
        if (isRegular !== true) {
          this.at = at;
          this.length = length;
          this.depth = depth;
          this.onMalformedMessage?.(url);
          this.opaque(end);
        }
      }
    }
    this.close(start, OPEN_BRACE, CLOSE_BRACE);
    this.limit = outer;
    return true;
  }

  /**
   * Writes the message in a `google.protobuf.Any`. Returns `false` if the message is irregular, and `undefined` if its
   * bytes do not fit the type.
   */
  private content(codec: MessageCodec): boolean | undefined {
    try {
      if (codec.form !== undefined) this.json(',"value":');
      return this.members(codec, 0);
    } catch (error) {
      if (error instanceof WireError && !error.isSound) return undefined;
      throw error;
    }
  }

  /**
   * Writes a message that cannot be read as a member `@value`, which no message has, with its wire bytes in base64. It
   * does not fail, because the server may already have executed the call, and an error would hide that.
   */
  private opaque(end: number): void {
    this.json(',"@value":"');
    const { textBytes } = this;
    this.textBytes = false;
    this.writeBytes(end);
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
    if (!isUtf8(bytes)) throw invalidUtf8(this.at);
    this.at = end;
    return bytes.toString();
  }

  /** Fails because JSON cannot express the last value. */
  fail(problem: string): never {
    throw new WireError(problem, Math.max(this.at - 1, 0), { isSound: true });
  }

  /**
   * Writes the members of a message, or the JSON form of a well-known type. Returns `false` if the message is
   * irregular.
   */
  protected override members(codec: MessageCodec, end: number): boolean {
    if (++this.depth > MAX_DEPTH) throw nestedTooDeep(this.at);
    const tag = codec.toJson(this);
    if (tag !== end && !this.onlyUnknown(codec, tag, end)) return false;
    this.depth--;
    return true;
  }

  /** Skips unknown fields, beginning with `tag`. Returns `false` if there is a known field among them. */
  private onlyUnknown(codec: MessageCodec, tag: number, end: number): boolean {
    for (; tag !== end; tag = this.next()) {
      if (tag === IRREGULAR || codec.fieldOf(tag) !== undefined) return false;
      if (tag === 0) throw endlessGroup(this.at);
      this.skip(tag);
    }
    return true;
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
