import { isStandardBase64, readBase64 } from "./base64.js";
import type { JsonForm, MessageCodec } from "./codec.js";
import { isPlainInteger, numberEnd, readInteger } from "./decimal.js";
import type { Field } from "./field.js";
import { JsonCursor } from "./json-cursor.js";
import { OverriddenFields } from "./overridden-fields.js";
import { quoted } from "./quoted.js";
import type { TypeRegistry } from "./type-registry.js";
import { findType } from "./well-known/well-known-types.js";
import { WireWriter } from "./wire-writer.js";

/** How JSON is read where the JSON mapping leaves a choice. */
export interface JsonReadOptions {
  /** What to do with members that the message has no field for. Default `ignore`. */
  readonly unknownFields?: "ignore" | "refuse";
  /** What to do with enum numbers that the enum does not define. Default `accept`. */
  readonly unknownEnumNumbers?: "accept" | "refuse";
  /** What to do with enum names that the enum does not define: `ignore` takes them as absent. Default `refuse`. */
  readonly unknownEnumNames?: "ignore" | "refuse";
  /** The types that a `google.protobuf.Any` may hold. Default: the well-known ones. */
  readonly types?: TypeRegistry;
  /** How many objects and arrays may be in each other. Default 100. */
  readonly maxDepth?: number;
  /** Which of Go's libraries for the JSON mapping is followed where they differ. Default `protojson`. */
  readonly mapping?: JsonMapping;
  /** What to do with data behind the value. Default `refuse`. */
  readonly trailingData?: "ignore" | "refuse";
}

/**
 * How Go's libraries read JSON. `protojson` (grpc-gateway v2) refuses fields that are there twice, and takes integers
 * as `1.0` and base64 in both alphabets, padded or not. `jsonpb` (grpc-gateway v1) takes the last of a field's values,
 * `null` for an empty message, integers as digits only, which in a string may have white space around them, and bytes as
 * standard padded base64, or as an array of numbers.
 *
 * @see https://pkg.go.dev/google.golang.org/protobuf/encoding/protojson
 * @see https://pkg.go.dev/github.com/golang/protobuf/jsonpb
 */
export type JsonMapping = "protojson" | "jsonpb";

/** The member of a `google.protobuf.Any` that says what it holds. */
const TYPE_NAME = "@type";

/** The integers that a type has. */
interface Range {
  readonly least: number | bigint;
  readonly most: number | bigint;
}

const INT32: Range = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const UINT32: Range = { least: 0, most: 2 ** 32 - 1 };
const INT64: Range = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const UINT64: Range = { least: 0n, most: 2n ** 64n - 1n };

/** What became of a JSON value. */
export type Outcome = "written" | "default" | "ignored";

/**
 * Reads JSON values and writes them as protobuf wire bytes, by the tables of the messages' fields.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export class MessageReader extends JsonCursor {
  /** Where the wire bytes go. */
  readonly out: WireWriter;
  private readonly options: JsonReadOptions;
  private readonly jsonpb: boolean;

  constructor(text: Buffer, options: JsonReadOptions) {
    super(text, options.maxDepth ?? 100);
    this.options = options;
    this.jsonpb = options.mapping === "jsonpb";
    this.out = new WireWriter(text.length + 64);
  }

  /** Reads a message: what goes between its tag and length, and the next field. */
  message(codec: MessageCodec): void {
    if (codec.form === undefined) this.members(codec);
    else codec.form.read(this);
  }

  /** Reads an object as the fields of a message. With `typed`, it also has a member `@type`, which is skipped. */
  members(codec: MessageCodec, typed = false): void {
    if (!this.beginObject()) return;
    let types = 0;
    const seen = new Seen(codec.fields.length + codec.oneofs.length);
    const overridden = this.jsonpb ? new OverriddenFields(this.out) : undefined;
    do {
      this.memberName();
      const { token } = this;
      const field = codec.names.find(this.content, this.start, this.end);
      if (field === undefined) {
        if (typed && this.contentText() === TYPE_NAME) {
          if (types++ > 0) this.fail("a second @type", "expected one", token);
          this.skipValue();
          continue;
        }
        this.unknownMember(codec.name);
        continue;
      }
      this.enter(field.name);
      const isNew = seen.add(field.index);
      if (!isNew && overridden === undefined) {
        this.fail("duplicate field", "expected it once, under one of its names", token);
      }
      const start = this.out.length;
      const byJsonName = overridden !== undefined && this.contentText() === field.jsonName;
      if (this.peek() === "null" && !acceptsNull(field)) this.skipLiteral("null");
      else {
        if (isNew && field.oneof !== undefined && !seen.add(codec.fields.length + codec.oneofs.indexOf(field.oneof))) {
          this.fail(`a second member of the oneof ${field.oneof}`, "expected one at most", token);
        }
        this.field(field);
      }
      overridden?.add(field, start, byJsonName);
      this.leave();
    } while (this.moreMembers());
    overridden?.remove();
  }

  /** Reads past the value of a member that has no field, unless that is to be refused. */
  private unknownMember(type: string): void {
    if (this.options.unknownFields === "refuse") {
      this.fail("unknown field", `${type} has no field ${this.excerpt(this.token)}`, this.token);
    }
    this.skipValue();
  }

  /** Looks ahead for the type URL of a `google.protobuf.Any`. Reads the object if it is empty: then there is none. */
  typeUrl(): string | undefined {
    const begin = this.mark();
    if (!this.beginObject()) return undefined;
    do {
      this.memberName();
      if (this.contentText() === TYPE_NAME) {
        this.expectString("a type URL");
        const url = this.contentText();
        this.reset(begin);
        return url;
      }
      this.skipValue();
    } while (this.moreMembers());
    this.reset(begin);
    return this.fail("a google.protobuf.Any without @type", "expected it beside the other members");
  }

  /** Reads the object of a `google.protobuf.Any` as the message of the type that its URL names. */
  anyMembers(url: string): void {
    const codec = findType(url, this.options.types);
    if (codec === undefined) this.fail("unknown type", `no message type is known as ${quoted(url)}`);
    if (codec.form === undefined) this.members(codec, true);
    else this.anyForm(codec.name, codec.form);
  }

  /** Reads the object of a `google.protobuf.Any` that holds a type with a JSON form, which is its member `value`. */
  private anyForm(name: string, form: JsonForm): void {
    if (!this.beginObject()) return;
    const seen = new Set<string>();
    do {
      this.memberName();
      const member = this.contentText();
      if (member !== TYPE_NAME && member !== "value") {
        this.unknownMember(name);
        continue;
      }
      if (seen.has(member)) this.fail(`a second ${member}`, "expected one", this.token);
      seen.add(member);
      if (member === TYPE_NAME) {
        this.skipValue();
        continue;
      }
      this.enter(member);
      form.read(this);
      this.leave();
    } while (this.moreMembers());
    if (!seen.has("value"))
      this.fail("a google.protobuf.Any without value", `expected the ${name} as its member value`);
  }

  /** Fails because of the string or number that was read last. */
  failToken(problem: string, expected: string): never {
    this.fail(problem, `${expected}, got ${this.excerpt(this.token)}`, this.token);
  }

  /** Writes a string field. */
  writeText(field: Field, text: string): void {
    const bytes = Buffer.from(text);
    this.out.varint32(field.tag);
    this.out.varint32(bytes.length);
    this.out.append(bytes, 0, bytes.length);
  }

  /** Writes an integer field that is a varint, unless it is zero. */
  writeInt64(field: Field, value: number): void {
    if (value === 0) return;
    this.out.varint32(field.tag);
    this.writeInteger("int64", value);
  }

  /** Reads a value that stands alone as that of a field; `null` is its absence, unless its type has a value for it. */
  fieldValue(field: Field): void {
    this.enter(field.name);
    if (this.peek() === "null" && !acceptsNull(field)) this.skipLiteral("null");
    else this.field(field);
    this.leave();
  }

  /** Reads the value of a field, which is not an absent one. */
  field(field: Field): void {
    if (field.cardinality === "repeated") this.list(field);
    else if (field.cardinality === "map") this.map(field);
    else this.singular(field, field.explicit);
  }

  /** Reads one value and writes it with its tag; or writes nothing for a default if it is not `explicit`. */
  singular(field: Field, explicit: boolean): Outcome {
    const { out } = this;
    const before = out.length;
    out.varint32(field.tag);
    const outcome = this.value(field);
    if (outcome === "ignored" || (outcome === "default" && !explicit)) out.length = before;
    return outcome;
  }

  private list(field: Field): void {
    if (!this.beginArray()) return;
    const { out } = this;
    const before = out.length;
    let start = 0;
    if (field.packed) {
      out.varint32(field.tag);
      start = out.begin();
    }
    let index = 0;
    this.enter(index);
    do {
      this.advance(index++);
      if (this.peek() === "null" && !acceptsNull(field)) this.unexpected("an element other than null");
      if (field.packed) {
        const unset = out.length;
        if (this.value(field) === "ignored") out.length = unset;
      } else this.singular(field, true);
    } while (this.moreElements());
    this.leave();
    if (field.packed) {
      if (out.length > start) out.end(start);
      else out.length = before;
    }
  }

  private map(field: Field): void {
    if (this.beginObject()) this.entries(field);
  }

  /** Reads the members of an object, whose brace is read, as the entries of a map. */
  private entries(field: Field): void {
    const { out } = this;
    const { entry } = field;
    if (entry === undefined) throw new TypeError(`field ${field.name} is not a map`);
    const keys = new Set<string>();
    do {
      this.memberName();
      const { token } = this;
      const before = out.length;
      this.enter(`[${quoted(this.contentText())}]`);
      out.varint32(field.tag);
      const start = out.begin();
      out.varint32(entry.key.tag);
      this.mapKey(entry.key);
      const key = out.bytes.toString("latin1", start, out.length);
      if (keys.has(key)) this.fail("duplicate key of a map", "", token);
      keys.add(key);
      if (this.peek() === "null" && !acceptsNull(entry.value)) this.unexpected("a value other than null");
      if (this.singular(entry.value, true) === "ignored") out.length = before;
      else out.end(start);
      this.leave();
    } while (this.moreMembers());
  }

  /** Writes the member name that was read last as a map's key. */
  private mapKey(key: Field): void {
    switch (key.type) {
      case "string":
        this.writeString();
        return;
      case "bool": {
        const text = this.contentText();
        if (text !== "true" && text !== "false") this.fail("an illegal key", 'expected "true" or "false"', this.token);
        this.out.varint32(text === "true" ? 1 : 0);
        return;
      }
      default:
        this.integerText(key.type);
    }
  }

  /** Reads one value, not a list or map, and writes it without its tag. */
  private value(field: Field): Outcome {
    switch (field.type) {
      case "message":
        this.submessage(field);
        return "written";
      case "string":
        this.expectString("a string");
        this.writeString();
        return this.start === this.end ? "default" : "written";
      case "bytes":
        return this.base64();
      case "bool":
        return this.bool();
      case "enum":
        return this.enum(field);
      case "double":
      case "float":
        return this.floating(field.type);
      default:
        return this.integer(field.type);
    }
  }

  private submessage(field: Field): void {
    if (field.delimited) {
      this.message(field.message);
      this.out.varint32(field.tag + 1);
      return;
    }
    const start = this.out.begin();
    this.message(field.message);
    this.out.end(start);
  }

  /** Reads a string, or fails. */
  expectString(expected: string): void {
    if (this.peek() !== "string") this.unexpected(expected);
    this.string();
  }

  /** Writes the string that was read last. */
  private writeString(): void {
    this.out.varint32(this.end - this.start);
    this.out.append(this.content, this.start, this.end);
  }

  private base64(): Outcome {
    if (this.jsonpb && this.peek() === "array") return this.byteArray();
    if (this.peek() !== "string") this.unexpected("bytes as a base64 string");
    const begin = this.at;
    // No digit of base64 is a quote or begins an escape, so the next quote ends the string if the digits are right.
    this.uncheckedString();
    const { out } = this;
    out.reserve(this.end - this.start + 8);
    const start = out.begin();
    let end = readBase64(this.content, this.start, this.end, out.bytes, out.length);
    if (end < 0) {
      this.at = begin;
      this.string();
      out.reserve(this.end - this.start + 8);
      end = readBase64(this.content, this.start, this.end, out.bytes, out.length);
    }
    if (end < 0) this.failBase64(-1 - end);
    if (this.jsonpb && !isStandardBase64(this.content, this.start, this.end)) {
      this.fail("illegal base64", "expected the standard alphabet, padded", this.token);
    }
    out.length = end;
    out.end(start);
    return end === start ? "default" : "written";
  }

  /** Reads bytes as an array of numbers, which is what Go's `[]byte` may be in JSON. */
  private byteArray(): Outcome {
    const { out } = this;
    const start = out.begin();
    if (this.beginArray()) {
      let index = 0;
      this.enter(index);
      do {
        this.advance(index++);
        if (this.peek() !== "number") this.unexpected("a byte");
        this.number();
        const byte = Number(this.integerValue("uint32"));
        if (byte > 255) this.fail("out of range for a byte", `got ${this.excerpt(this.token)}`, this.token);
        out.reserve(1);
        out.bytes[out.length++] = byte;
      } while (this.moreElements());
      this.leave();
    }
    const isEmpty = out.length === start;
    out.end(start);
    return isEmpty ? "default" : "written";
  }

  private failBase64(at: number): never {
    const got =
      at < this.end ? `got ${quoted(this.content.toString("latin1", at, at + 1))}` : "got an incomplete last group";
    const offset = this.content === this.text ? at : this.token;
    this.fail("illegal base64", `expected the standard or the URL-safe alphabet, padded or not, ${got}`, offset);
  }

  private bool(): Outcome {
    const kind = this.peek();
    if (kind !== "true" && kind !== "false") this.unexpected("true or false");
    this.skipLiteral(kind);
    this.out.varint32(kind === "true" ? 1 : 0);
    return kind === "true" ? "written" : "default";
  }

  private enum(field: Field): Outcome {
    const table = field.enum;
    if (table === undefined) throw new TypeError(`field ${field.name} is not an enum`);
    const kind = this.peek();
    if (kind === "null" && acceptsNull(field)) {
      this.skipLiteral("null");
      this.out.varint32(0);
      return "default";
    }
    if (kind === "string") {
      this.string();
      const number = table.numbers.find(this.content, this.start, this.end);
      if (number !== undefined) return this.writeInteger("int32", number);
      if (this.options.unknownEnumNames === "ignore") return "ignored";
    } else if (kind === "number") {
      this.number();
      const number = this.integerValue("int32");
      if (this.options.unknownEnumNumbers !== "refuse" || table.has(Number(number))) {
        return this.writeInteger("int32", number);
      }
    } else this.unexpected(`a value of the enum ${table.name}`);
    this.fail("unknown enum value", `expected one of ${table.name}, got ${this.excerpt(this.token)}`, this.token);
  }

  private floating(type: "double" | "float"): Outcome {
    const kind = this.peek();
    if (kind === "string") this.string();
    else if (kind === "number") this.number();
    else this.unexpected(`a ${type}`);
    const value = this.floatValue(type, kind === "string");
    if (type === "float") this.out.float(value);
    else this.out.double(value);
    return Object.is(value, 0) ? "default" : "written";
  }

  private floatValue(type: "double" | "float", inString: boolean): number {
    const text = this.contentText();
    if (inString) {
      if (text === "NaN") return Number.NaN;
      if (text === "Infinity") return Number.POSITIVE_INFINITY;
      if (text === "-Infinity") return Number.NEGATIVE_INFINITY;
      if (numberEnd(this.content, this.start) !== this.end) this.failNumber(type);
    }
    const value = type === "float" ? Math.fround(Number(text)) : Number(text);
    if (!Number.isFinite(value)) this.fail(`out of range for a ${type}`, `got ${this.excerpt(this.token)}`, this.token);
    return value;
  }

  /** Reads an integer, as a number or as a string. */
  private integer(type: Field["type"]): Outcome {
    const kind = this.peek();
    if (kind === "string") {
      this.string();
      return this.integerText(type);
    }
    if (kind !== "number") this.unexpected(nameOf(type));
    this.number();
    return this.writeInteger(type, this.integerValue(type));
  }

  /** Writes the string that was read last as an integer. */
  private integerText(type: Field["type"]): Outcome {
    if (this.jsonpb) this.trim();
    if (numberEnd(this.content, this.start) !== this.end) this.failNumber(type);
    return this.writeInteger(type, this.integerValue(type));
  }

  /** The value of the number that was read last. */
  private integerValue(type: Field["type"]): number | bigint {
    const value = readInteger(this.content, this.start, this.end);
    if (value === "fraction" || (this.jsonpb && !isPlainInteger(this.content, this.start, this.end))) {
      this.fail("not an integer", `expected ${nameOf(type)}, got ${this.excerpt(this.token)}`, this.token);
    }
    const { least, most } = rangeOf(type);
    // jsonpb takes no sign where there are no negative numbers, not even that of zero.
    const isSigned = this.jsonpb && least >= 0 && this.content[this.start] === 0x2d;
    if (value === "range" || value < least || value > most || isSigned) {
      this.fail(
        `out of range for ${nameOf(type)}`,
        `expected ${least} to ${most}, got ${this.excerpt(this.token)}`,
        this.token,
      );
    }
    return value;
  }

  private failNumber(type: Field["type"]): never {
    this.fail("an illegal number", `expected ${nameOf(type)}, got ${this.excerpt(this.token)}`, this.token);
  }

  /** Writes an integer that its type has. */
  private writeInteger(type: Field["type"], value: number | bigint): Outcome {
    const { out } = this;
    const low = typeof value === "number" ? value >>> 0 : Number(BigInt.asUintN(32, value));
    const high =
      typeof value === "number" ? Math.floor(value / 2 ** 32) >>> 0 : Number(BigInt.asUintN(32, value >> 32n));
    switch (type) {
      case "uint32":
        out.varint32(low);
        break;
      case "sint32":
        out.varint32(((low << 1) ^ (low >> 31)) >>> 0);
        break;
      case "sint64": {
        const sign = high >> 31;
        out.varint64(((low << 1) ^ sign) >>> 0, (((high << 1) | (low >>> 31)) ^ sign) >>> 0);
        break;
      }
      case "fixed32":
      case "sfixed32":
        out.fixed32(low);
        break;
      case "fixed64":
      case "sfixed64":
        out.fixed64(low, high);
        break;
      default:
        out.varint64(low, high);
    }
    return low === 0 && high === 0 ? "default" : "written";
  }

  /** The wire bytes written. */
  wire(): Buffer {
    return this.out.finish();
  }
}

/** Whether `null` is a value of a field's type. */
function acceptsNull(field: Field): boolean {
  if (field.type === "message") return field.message.form?.acceptsNull === true;
  return field.enum?.isNull === true;
}

function rangeOf(type: Field["type"]): Range {
  switch (type) {
    case "uint32":
    case "fixed32":
      return UINT32;
    case "int64":
    case "sint64":
    case "sfixed64":
      return INT64;
    case "uint64":
    case "fixed64":
      return UINT64;
    default:
      return INT32;
  }
}

/** The type of a value as an error calls it. */
function nameOf(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** The fields of one message that have been read, and its oneofs. */
class Seen {
  private bits = 0;
  private readonly more: Uint8Array | undefined;

  constructor(size: number) {
    this.more = size > 32 ? new Uint8Array(size) : undefined;
  }

  /** Adds one; `false` if it was there. */
  add(index: number): boolean {
    if (this.more !== undefined) {
      if (this.more[index] === 1) return false;
      this.more[index] = 1;
      return true;
    }
    const bit = 1 << index;
    if ((this.bits & bit) !== 0) return false;
    this.bits |= bit;
    return true;
  }
}
