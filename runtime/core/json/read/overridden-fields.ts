import type { Field } from "../field.js";
import type { WireWriter } from "../wire/wire-writer.js";
import type { JsonError } from "./json-error.js";

/** A value of a field. */
interface FieldValue {
  /** Where it begins in the output. */
  readonly start: number;
  /** Whether the field was called by its JSON name. */
  readonly byJsonName: boolean;
  /** What is wrong with it; it has no output then. */
  readonly error: JsonError | undefined;
}

/** A value of a field in the output. */
interface Place extends FieldValue {
  readonly end: number;
}

/**
 * Lets a field of a message be there twice, as jsonpb does: the last value counts, and one under the field's JSON name
 * counts before one under its proto name. It takes time in proportion to the message, however many there are.
 *
 * @see https://pkg.go.dev/github.com/golang/protobuf/jsonpb#Unmarshal
 */
export class OverriddenFields {
  readonly #out: WireWriter;
  readonly #places: (Place | undefined)[] = [];
  /** What does not count. */
  readonly #dead: Place[] = [];

  constructor(out: WireWriter) {
    this.#out = out;
  }

  /** Takes note of a value that has been written to the end of the output. */
  add(field: Field, value: FieldValue): void {
    const place = { ...value, end: this.#out.length };
    const earlier = this.#places[field.index];
    if (earlier === undefined) this.#places[field.index] = place;
    else if (earlier.byJsonName && !value.byJsonName) this.#drop(place);
    else {
      this.#drop(earlier);
      this.#places[field.index] = place;
    }
  }

  #drop(place: Place): void {
    if (place.end > place.start) this.#dead.push(place);
  }

  /**
   * Takes what does not count out of the output, at the end of the message.
   *
   * @throws JsonError if something is wrong with what counts
   */
  remove(): void {
    for (const place of this.#places) if (place?.error !== undefined) throw place.error;
    if (this.#dead.length === 0) return;
    const { bytes, length } = this.#out;
    const gaps = this.#dead.sort((a, b) => a.start - b.start);
    let to = gaps[0]?.start ?? length;
    for (const [i, gap] of gaps.entries()) {
      const next = gaps[i + 1]?.start ?? length;
      bytes.copyWithin(to, gap.end, next);
      to += next - gap.end;
    }
    this.#out.length = to;
  }
}
