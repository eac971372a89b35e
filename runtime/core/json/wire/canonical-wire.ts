import type { MessageCodec } from "../codec.js";
import type { Field, MapEntry } from "../field.js";
import { findType, type TypeRegistry } from "../type-registry.js";
import { FieldCollector, type FieldTable, type Span } from "./field-collector.js";
import { MAX_DEPTH } from "./max-depth.js";
import { SpanReader } from "./span-reader.js";
import { nestedTooDeep, WireError } from "./wire-error.js";
import { WireWriter } from "./wire-writer.js";

/**
 * Rewrites the bytes of a message, and of the messages in it, in canonical order. The result means the same message:
 *
 * - Fields are in ascending order of their numbers, and each repeated field is one run.
 * - Only the last value of a singular field, of a oneof and of a map key remains.
 * - Messages in several pieces are merged.
 * - Unknown fields are removed.
 *
 * This is the slow path, for wire bytes that are legal but rare.
 *
 * @see https://protobuf.dev/programming-guides/encoding/#last-one-wins
 */
export function canonicalWire(codec: MessageCodec, wire: Buffer, types?: TypeRegistry): Buffer {
  const writer = new CanonicalWriter(wire, types);
  writer.message(codec, [{ start: 0, end: wire.length }]);
  return writer.out.finish();
}

/** The tag of the message in a `google.protobuf.Any`. */
const ANY_VALUE = 18;

class CanonicalWriter {
  readonly out: WireWriter;
  private readonly wire: Buffer;
  private readonly types: TypeRegistry | undefined;
  private depth = 0;

  constructor(wire: Buffer, types: TypeRegistry | undefined) {
    this.wire = wire;
    this.types = types;
    this.out = new WireWriter(wire.length + 16);
  }

  /** Writes the message that consists of the given pieces of the wire. */
  message(codec: MessageCodec, pieces: readonly Span[]): void {
    if (++this.depth > MAX_DEPTH) throw nestedTooDeep(pieces[0]?.start ?? 0);
    const fields = new FieldCollector(codec, this.wire, pieces);
    if (codec.form?.kind === "typed") this.any(codec, fields);
    else this.fields(codec, fields);
    this.depth--;
  }

  /**
   * Writes a `google.protobuf.Any`, with the message in it in canonical order. Bytes that do not fit the type stay as
   * they are.
   */
  private any(codec: MessageCodec, fields: FieldCollector): void {
    const [url, value] = codec.ordered.map((field) => fields.found.get(field)?.[0]);
    const type = findType(new SpanReader(this.wire, url).keyText("string"), this.types);
    if (url === undefined || value === undefined || type === undefined) {
      this.fields(codec, fields);
      return;
    }
    const { depth } = this;
    const { length } = this.out;
    try {
      this.out.append(this.wire, url.start, url.end);
      this.out.varint32(ANY_VALUE);
      const start = this.out.begin();
      this.message(type, [new SpanReader(this.wire, value).content()]);
      this.out.end(start);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.depth = depth;
      this.out.length = length;
      this.fields(codec, fields);
    }
  }

  /** Writes the fields that were found, in ascending order of their numbers. */
  private fields(table: FieldTable, { found, replaced }: FieldCollector): void {
    for (const [field, pieces] of replaced) this.check(() => this.submessage(field, pieces));
    for (const field of table.ordered) {
      const pieces = found.get(field);
      if (pieces === undefined) continue;
      if (field.entry !== undefined) this.map(field, field.entry, pieces);
      else if (field.type !== "message") for (const { start, end } of pieces) this.out.append(this.wire, start, end);
      else if (field.cardinality === "repeated") for (const piece of pieces) this.submessage(field, [piece]);
      else this.submessage(field, pieces);
    }
  }

  private submessage(field: Field, pieces: readonly Span[]): void {
    this.out.varint32(field.tag);
    if (field.delimited) {
      this.message(field.message, pieces);
      this.out.varint32(field.tag + 1);
      return;
    }
    const start = this.out.begin();
    this.message(field.message, pieces);
    this.out.end(start);
  }

  /** Writes the last entry of each key of a map, not counting entries whose value is unknown. */
  private map(field: Field, entry: MapEntry, pieces: readonly Span[]): void {
    const entries = new Map<string, FieldCollector>();
    for (const piece of pieces) {
      const fields = new FieldCollector(entry, this.wire, [piece]);
      if (fields.hasUnknownEnum && !fields.found.has(entry.value)) continue;
      const key = new SpanReader(this.wire, fields.found.get(entry.key)?.[0]).keyText(entry.key.type);
      const replaced = entries.get(key);
      if (replaced !== undefined) this.check(() => this.fields(entry, replaced));
      entries.set(key, fields);
    }
    for (const fields of entries.values()) {
      this.out.varint32(field.tag);
      const start = this.out.begin();
      this.fields(entry, fields);
      this.out.end(start);
    }
  }

  /** Checks that a replaced value is well-formed: writes it, then discards the output. */
  private check(write: () => void): void {
    const { length } = this.out;
    write();
    this.out.length = length;
  }
}
