import type { JsonForm, MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { quoted } from "../text/quoted.js";
import { findType } from "../type-registry.js";
import type { Mark } from "./json-cursor.js";
import { OverriddenFields } from "./overridden-fields.js";
import { acceptsNull, type ReadOutcome, ValueReader } from "./value-reader.js";

/** The member of a `google.protobuf.Any` that names the type of the message in it. */
const TYPE_NAME = "@type";
/** The member that has the bytes of a message in responses, if the gateway could not read them. */
const BYTES_NAME = "@value";

/**
 * Reads JSON values and writes them as protobuf wire bytes, using the tables of the messages' fields.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export class MessageReader extends ValueReader {
  /** Reads a message and writes its content, without a tag and a length. */
  message(codec: MessageCodec): void {
    if (codec.form === undefined) this.members(codec);
    else codec.form.read(this);
  }

  /** Reads an object as the fields of a message. If `typed`, the object also has a member `@type`, which is skipped. */
  members(codec: MessageCodec, typed = false): void {
    if (!this.beginObject()) return;
    let types = 0;
    const seen = new Seen(codec.fields.length + codec.oneofs.length);
    const overridden = this.isV1 ? new OverriddenFields(this.out) : undefined;
    do {
      this.memberName();
      const { token } = this;
      const field = codec.names.find(this.content, this.start, this.end);
      if (field === undefined) {
        if (typed && this.contentText() === TYPE_NAME) {
          if (types++ > 0) this.fail("duplicate @type", "expected it once", token);
          this.skipValue();
          continue;
        }
        if (typed) this.rejectBytes(codec.name);
        this.unknownMember(codec.name);
        continue;
      }
      const value = overridden && this.mark();
      this.enter(field.name);
      const isNew = seen.add(field.index);
      if (!isNew && overridden === undefined) {
        this.fail("duplicate field", "expected it once, under one of its names", token);
      }
      const start = this.out.length;
      const byJsonName = overridden !== undefined && this.contentText() === field.jsonName;
      let skipped: Mark | undefined;
      if (this.peek() === "null" && !(field.cardinality === "singular" && acceptsNull(field))) this.skipLiteral("null");
      else {
        if (isNew && field.oneof !== undefined && !seen.add(codec.fields.length + codec.oneofs.indexOf(field.oneof))) {
          this.fail(`second member of the oneof ${field.oneof}`, "expected at most one", token);
        }
        if (value === undefined || field.type === "message") this.field(field);
        else {
          this.skipValue();
          skipped = value;
        }
      }
      overridden?.add(field, { start, byJsonName, skipped });
      this.leave();
    } while (this.moreMembers());
    if (overridden !== undefined) this.readSkipped(overridden);
  }

  /**
   * Reads the skipped values that count, at the end of a message. The others are never read, because a value that a
   * later one overrides need not fit its field. Values of messages are not skipped.
   */
  private readSkipped(overridden: OverriddenFields): void {
    overridden.remove();
    const end = this.mark();
    overridden.forEachSkipped((field, at) => {
      this.reset(at);
      this.fieldValue(field);
    });
    this.reset(end);
  }

  /** Skips the value of a member without a field, or fails if the options reject unknown fields. */
  private unknownMember(type: string): void {
    if (this.options.unknownFields === "reject") {
      this.fail("unknown field", `${type} has no field ${this.excerpt(this.token)}`, this.token);
    }
    this.skipValue();
  }

  /**
   * Rejects `@value`, which responses have in place of a message that the gateway could not read. If it were ignored,
   * the message would be empty.
   */
  private rejectBytes(name: string): void {
    if (this.contentText() !== BYTES_NAME) return;
    this.fail("unexpected @value", `expected the JSON of a ${name} instead of @value`, this.token);
  }

  /**
   * Looks ahead for the type URL of a `google.protobuf.Any`. If the object is empty, reads it and returns `undefined`.
   */
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
    return this.fail("missing @type", "expected it in a google.protobuf.Any");
  }

  /** Reads the object of a `google.protobuf.Any` as a message of the type that the URL names. */
  anyMembers(url: string): void {
    const codec = findType(url, this.options.types);
    if (codec === undefined) this.fail("unknown message type", `got ${quoted(url)}`);
    if (codec.form === undefined) this.members(codec, true);
    else this.anyForm(codec.name, codec.form);
  }

  /** Reads the object of a `google.protobuf.Any` whose type has a special JSON form, which is in the member `value`. */
  private anyForm(name: string, form: JsonForm): void {
    if (!this.beginObject()) return;
    const seen = new Set<string>();
    do {
      this.memberName();
      const member = this.contentText();
      if (member !== TYPE_NAME && member !== "value") {
        this.rejectBytes(name);
        this.unknownMember(name);
        continue;
      }
      if (seen.has(member)) this.fail(`duplicate ${member}`, "expected it once", this.token);
      seen.add(member);
      if (member === TYPE_NAME) {
        this.skipValue();
        continue;
      }
      this.enter(member);
      form.read(this);
      this.leave();
    } while (this.moreMembers());
    if (!seen.has("value")) this.fail("missing value", `expected the ${name} in the member "value"`);
  }

  /** Writes a string field. */
  writeText(field: Field, text: string): void {
    const bytes = Buffer.from(text);
    this.out.varint32(field.tag);
    this.out.varint32(bytes.length);
    this.out.append(bytes, 0, bytes.length);
  }

  /** Writes an integer field as a varint, unless it is zero. */
  writeInt64(field: Field, value: number): void {
    if (value === 0) return;
    this.out.varint32(field.tag);
    this.writeInteger("int64", value);
  }

  /**
   * Reads a single value as the value of a field. `null` means that the field is absent, unless its type accepts
   * `null`.
   */
  fieldValue(field: Field): void {
    this.enter(field.name);
    if (this.peek() === "null" && !(field.cardinality === "singular" && acceptsNull(field))) this.skipLiteral("null");
    else this.field(field);
    this.leave();
  }

  /** Reads the value of a field that is present. */
  field(field: Field): void {
    if (field.cardinality === "repeated") this.list(field);
    else if (field.cardinality === "map") this.map(field);
    else this.singular(field, field.explicit);
  }

  /** Reads one value and writes it with its tag. A default is not written unless `explicit`. */
  singular(field: Field, explicit: boolean): ReadOutcome {
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

  /** Reads the members of an object, after its opening brace, as the entries of a map. */
  private entries(field: Field): void {
    const { out } = this;
    const { mapEntry: entry } = field;
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
      if (keys.has(key)) this.fail("duplicate map key", "expected it once", token);
      keys.add(key);
      if (this.peek() === "null" && !acceptsNull(entry.value)) this.unexpected("a value other than null");
      if (this.singular(entry.value, true) === "ignored") out.length = before;
      else out.end(start);
      this.leave();
    } while (this.moreMembers());
  }

  /** Writes the member name that was read last as the key of a map. */
  private mapKey(key: Field): void {
    switch (key.type) {
      case "string":
        this.writeString();
        return;
      case "bool": {
        const text = this.contentText();
        if (text !== "true" && text !== "false") this.fail("invalid map key", 'expected "true" or "false"', this.token);
        this.out.varint32(text === "true" ? 1 : 0);
        return;
      }
      default:
        this.integerText(key.type);
    }
  }

  /** Reads one value that is not a list or a map and writes it without its tag. */
  private value(field: Field): ReadOutcome {
    switch (field.type) {
      case "message":
        this.submessage(field);
        return "written";
      case "string":
        this.expectString("a string");
        this.writeString();
        return this.start === this.end ? "default" : "written";
      case "bytes":
        return this.bytes();
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
}

/** The set of fields and oneofs of one message that have been read. */
class Seen {
  private bits = 0;
  private readonly more: Uint8Array | undefined;

  constructor(size: number) {
    this.more = size > 32 ? new Uint8Array(size) : undefined;
  }

  /** Adds an index, and returns `false` if it was there already. */
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
