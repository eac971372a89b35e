import { isUtf8 } from "node:buffer";
import type { Field } from "../field.js";
import { invalidUtf8 } from "./wire-error.js";
import { WireReader } from "./wire-reader.js";

/** Finds fields by their tags: a message's codec, or the entry of a map. */
export interface FieldTable {
  /** The fields in ascending order of their numbers. */
  readonly ordered: readonly Field[];
  /** Returns the field that a tag begins, if there is one. */
  fieldOf(tag: number): Field | undefined;
}

/** A part of the wire, from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Collects the fields of a message that count, in any order: the last value of a singular field, or all pieces of a
 * message, which must be merged. For messages and map entries it keeps the payloads; for other fields it also keeps the
 * tags.
 */
export class FieldCollector extends WireReader {
  readonly found: Map<Field, Span[]> = new Map();
  /** Messages that do not count, because another member of their oneof follows them. */
  readonly replaced: (readonly [Field, readonly Span[]])[] = [];
  /** Whether a closed enum has a number that it does not define. Such a value is an unknown field. */
  hasUnknownEnum = false;
  private readonly members = new Map<string, Field>();

  /** Reads a message from its pieces. */
  constructor(table: FieldTable, wire: Buffer, pieces: readonly Span[]) {
    super();
    this.wire = wire;
    for (const { start, end } of pieces) {
      this.at = start;
      this.limit = end;
      this.read(table);
    }
  }

  private read(table: FieldTable): void {
    for (let start = this.at, tag = this.next(); tag !== 0; start = this.at, tag = this.next()) {
      const field = table.fieldOf(tag);
      if (field === undefined) this.skip(tag);
      else this.collect(field, tag, start);
    }
  }

  /** Reads the value of a field whose tag begins at `start`. */
  private collect(field: Field, tag: number, start: number): void {
    const payload = this.at;
    if (field.delimited) this.add(field, { start: payload, end: this.skipGroup(tag) });
    else if (field.type === "message" || field.cardinality === "map") {
      const end = this.lengthEnd();
      this.add(field, { start: this.at, end });
      this.at = end;
    } else if (
      field.cardinality === "singular" &&
      field.enum?.closed === true &&
      !field.enum.has(this.varint32() | 0)
    ) {
      this.hasUnknownEnum = true;
    } else {
      this.at = payload;
      this.skip(tag);
      if (field.type === "string") this.checkUtf8(payload);
      this.add(field, { start, end: this.at });
    }
  }

  /** Checks the string whose length begins at `start` and that has just been skipped. */
  private checkUtf8(start: number): void {
    const end = this.at;
    this.at = start;
    this.lengthEnd();
    if (!isUtf8(this.wire.subarray(this.at, end))) throw invalidUtf8(this.at);
    this.at = end;
  }

  private replace(field: Field): void {
    if (field.type === "message") this.replaced.push([field, this.found.get(field) ?? []]);
    this.found.delete(field);
  }

  private add(field: Field, piece: Span): void {
    if (field.oneof !== undefined) {
      const current = this.members.get(field.oneof);
      if (current !== undefined && current !== field) this.replace(current);
      this.members.set(field.oneof, field);
    }
    const pieces = this.found.get(field);
    if (pieces === undefined) this.found.set(field, [piece]);
    else if (field.cardinality !== "singular" || field.type === "message") pieces.push(piece);
    else pieces[0] = piece;
  }
}
