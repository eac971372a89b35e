import type { Field } from "../field.js";
import type { WireWriter } from "../wire/wire-writer.js";
import type { Mark } from "./json-cursor.js";

/** A value of a field: either written to the output, or skipped in the text. */
interface FieldValue {
  /** The start of the value in the output. */
  readonly start: number;
  /** Whether the JSON text used the field's JSON name. */
  readonly byJsonName: boolean;
  /** The position of the value in the text, if it was skipped. */
  readonly skipped: Mark | undefined;
}

/** A value that is in the output. */
interface WrittenValue extends FieldValue {
  readonly field: Field;
  readonly end: number;
}

/**
 * Allows duplicate fields in a message, as jsonpb does. The last value counts, but a value under the field's JSON name
 * overrides one under its proto name. The time is proportional to the size of the message, for any number of
 * duplicates.
 *
 * @see https://pkg.go.dev/github.com/golang/protobuf/jsonpb#Unmarshal
 */
export class OverriddenFields {
  readonly #out: WireWriter;
  /** The values that count, by the index of their field. */
  readonly #current: (WrittenValue | undefined)[] = [];
  readonly #overridden: WrittenValue[] = [];

  constructor(out: WireWriter) {
    this.#out = out;
  }

  /** Registers a value that has been written to the end of the output, or skipped. */
  add(field: Field, { start, byJsonName, skipped }: FieldValue): void {
    const value = { field, start, byJsonName, skipped, end: this.#out.length };
    const earlier = this.#current[field.index];
    if (earlier === undefined) this.#current[field.index] = value;
    else if (earlier.byJsonName && !byJsonName) this.#drop(value);
    else {
      this.#drop(earlier);
      this.#current[field.index] = value;
    }
  }

  #drop(value: WrittenValue): void {
    if (value.end > value.start) this.#overridden.push(value);
  }

  /** Removes the overridden values from the output, at the end of the message. */
  remove(): void {
    if (this.#overridden.length === 0) return;
    const { bytes, length } = this.#out;
    const gaps = this.#overridden.sort((a, b) => a.start - b.start);
    let to = gaps[0]?.start ?? length;
    for (const [i, gap] of gaps.entries()) {
      const next = gaps[i + 1]?.start ?? length;
      bytes.copyWithin(to, gap.end, next);
      to += next - gap.end;
    }
    this.#out.length = to;
  }

  /** Calls `read` with the field and the position of each skipped value that counts. */
  forEachSkipped(read: (field: Field, at: Mark) => void): void {
    for (const value of this.#current) if (value?.skipped !== undefined) read(value.field, value.skipped);
  }
}
