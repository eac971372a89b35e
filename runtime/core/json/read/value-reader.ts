import type { Field } from "../field.js";
import { isStandardBase64, readBase64 } from "../text/base64.js";
import { isPlainInteger, numberEnd, readInteger } from "../text/decimal.js";
import { quoted } from "../text/quoted.js";
import { WireWriter } from "../wire/wire-writer.js";
import { JsonCursor } from "./json-cursor.js";
import { DEFAULT_MAX_DEPTH, type JsonReadOptions } from "./json-read-options.js";

/** The range of an integer type, both ends included. */
interface Range {
  readonly least: number | bigint;
  readonly most: number | bigint;
}

const INT32: Range = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const UINT32: Range = { least: 0, most: 2 ** 32 - 1 };
const INT64: Range = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const UINT64: Range = { least: 0n, most: 2n ** 64n - 1n };

/** The result of reading a JSON value. */
export type ReadOutcome = "written" | "default" | "ignored";

/** Reads JSON values that are not messages and writes them as protobuf wire bytes, without their tags. */
export class ValueReader extends JsonCursor {
  /** The wire bytes written so far. */
  readonly out: WireWriter;
  protected readonly options: JsonReadOptions;
  protected readonly isV1: boolean;
  private readonly textBytes: boolean;

  constructor(text: Buffer, options: JsonReadOptions) {
    super(text, options.maxDepth ?? DEFAULT_MAX_DEPTH);
    this.options = options;
    this.isV1 = options.mapping === "v1";
    this.textBytes = options.bytes === "text";
    this.out = new WireWriter(text.length + 64);
  }

  /** Reads a string, or fails. */
  expectString(expected: string): void {
    if (this.peek() !== "string") this.unexpected(expected);
    this.string();
  }

  /** Writes the string that was read last. */
  protected writeString(): void {
    this.out.varint32(this.end - this.start);
    this.out.append(this.content, this.start, this.end);
  }

  protected bytes(): ReadOutcome {
    if (this.textBytes) return this.textOrBase64();
    if (this.isV1 && this.peek() === "array") return this.byteArray();
    return this.base64();
  }

  /** Reads bytes as text, or as an object with base64. */
  private textOrBase64(): ReadOutcome {
    const kind = this.peek();
    if (kind === "string") {
      this.string();
      this.writeString();
      return this.start === this.end ? "default" : "written";
    }
    if (kind !== "object") this.unexpected('bytes as a string of text or as {"base64": "..."}');
    const begin = this.at;
    if (!this.beginObject()) this.fail("missing base64", 'expected {"base64": "..."}', begin);
    this.memberName();
    if (this.contentText() !== "base64") {
      this.fail("unknown member of bytes", `expected "base64", got ${this.excerpt(this.token)}`, this.token);
    }
    this.enter("base64");
    const outcome = this.base64();
    this.leave();
    if (this.moreMembers()) this.unexpected('no other member than "base64"');
    return outcome;
  }

  private base64(): ReadOutcome {
    if (this.peek() !== "string") this.unexpected("bytes as a base64 string");
    const begin = this.at;
    // Valid base64 contains no quote and no escape. If all characters are valid, the next quote therefore ends the
    // string.
    this.uncheckedString();
    const { out } = this;
    out.reserve(this.end - this.start + 8);
    const start = out.begin();
    let end = readBase64(this.content, this.start, this.end, out.bytes, out.length, false);
    if (end < 0) {
      this.at = begin;
      this.string();
      out.reserve(this.end - this.start + 8);
      end = readBase64(this.content, this.start, this.end, out.bytes, out.length, true);
    }
    if (end < 0) this.failBase64(-1 - end);
    if (this.isV1 && !isStandardBase64(this.content, this.start, this.end)) {
      this.fail("invalid base64", `expected ${this.expectedBase64}`, this.token);
    }
    out.length = end;
    out.end(start);
    return end === start ? "default" : "written";
  }

  /** Reads a number as a byte. `null` counts as zero. */
  private byte(): number {
    const kind = this.peek();
    if (kind === "null") {
      this.skipLiteral("null");
      return 0;
    }
    if (kind !== "number") this.unexpected("a byte");
    this.number();
    const byte = Number(this.integerValue("uint32"));
    if (byte > 255) this.fail("out of range", `expected 0 to 255, got ${this.excerpt(this.token)}`, this.token);
    return byte;
  }

  /** Reads bytes as an array of numbers, which Go accepts for a `[]byte`. */
  private byteArray(): ReadOutcome {
    const { out } = this;
    const start = out.begin();
    if (this.beginArray()) {
      let index = 0;
      this.enter(index);
      do {
        this.advance(index++);
        out.reserve(1);
        out.bytes[out.length++] = this.byte();
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
    this.fail("invalid base64", `expected ${this.expectedBase64}, ${got}`, offset);
  }

  private get expectedBase64(): string {
    return this.isV1 ? "the standard alphabet, padded" : "the standard or the URL-safe alphabet, padded or not";
  }

  protected bool(): ReadOutcome {
    const kind = this.peek();
    if (kind !== "true" && kind !== "false") this.unexpected("true or false");
    this.skipLiteral(kind);
    this.out.varint32(kind === "true" ? 1 : 0);
    return kind === "true" ? "written" : "default";
  }

  protected enum(field: Field): ReadOutcome {
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
      // jsonpb compares the raw text between the quotes and does not decode escapes.
      const isAsWritten = !this.isV1 || this.content === this.text;
      const number = isAsWritten ? table.numbers.find(this.content, this.start, this.end) : undefined;
      if (number !== undefined) return this.writeInteger("int32", number);
      if (this.options.unknownEnumNames === "ignore") return "ignored";
    } else if (kind === "number") {
      this.number();
      const number = this.integerValue("int32");
      if (this.options.unknownEnumNumbers !== "reject" || table.has(Number(number))) {
        return this.writeInteger("int32", number);
      }
    } else this.unexpected(table.expected);
    this.fail("unknown enum value", `expected ${table.expected}, got ${this.excerpt(this.token)}`, this.token);
  }

  protected floating(type: "double" | "float"): ReadOutcome {
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

  /** Reads an integer, which may be a number or a string. */
  protected integer(type: Field["type"]): ReadOutcome {
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
  protected integerText(type: Field["type"]): ReadOutcome {
    if (this.isV1) {
      // jsonpb parses the raw text between the quotes as JSON and does not decode escapes.
      if (this.content !== this.text) this.failNumber(type);
      this.trim();
      if (this.contentText() === "null") return this.writeInteger(type, 0);
    }
    if (numberEnd(this.content, this.start) !== this.end) this.failNumber(type);
    return this.writeInteger(type, this.integerValue(type));
  }

  /** Returns the value of the number that was read last. */
  private integerValue(type: Field["type"]): number | bigint {
    const value = readInteger(this.content, this.start, this.end);
    if (value === "fraction" || (this.isV1 && !isPlainInteger(this.content, this.start, this.end))) {
      this.fail("not an integer", `expected ${nameOf(type)}, got ${this.excerpt(this.token)}`, this.token);
    }
    const { least, most } = rangeOf(type);
    // jsonpb accepts no minus sign for unsigned types, not even in `-0`.
    const isSigned = this.isV1 && least >= 0 && this.content[this.start] === 0x2d;
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
    this.fail("invalid number", `expected ${nameOf(type)}, got ${this.excerpt(this.token)}`, this.token);
  }

  /** Writes an integer that is in the range of its type. */
  protected writeInteger(type: Field["type"], value: number | bigint): ReadOutcome {
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

  /** Fails because of the string or number that was read last. */
  failToken(problem: string, expected: string): never {
    this.fail(problem, `${expected}, got ${this.excerpt(this.token)}`, this.token);
  }

  /** Returns the wire bytes. */
  wire(): Buffer {
    return this.out.finish();
  }
}

/** Whether the type of a field accepts `null` as a value. */
export function acceptsNull(field: Field): boolean {
  if (field.type === "message") return field.message.form?.kind === "value";
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

/** Returns the name of a type with its article, for errors. */
function nameOf(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
