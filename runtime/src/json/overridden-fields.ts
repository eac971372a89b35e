import type { Field } from "./field.js";
import type { WireWriter } from "./wire-writer.js";

/** Where a value of a field stands in the output. */
interface Place {
  readonly start: number;
  readonly end: number;
  /** Whether the field was called by its JSON name. */
  readonly byJsonName: boolean;
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

  /** Takes note of a value that has been written from `start` to the end of the output. */
  add(field: Field, start: number, byJsonName: boolean): void {
    const place = { start, end: this.#out.length, byJsonName };
    const earlier = this.#places[field.index];
    if (earlier === undefined) this.#places[field.index] = place;
    else if (earlier.byJsonName && !byJsonName) this.#drop(place);
    else {
      this.#drop(earlier);
      this.#places[field.index] = place;
    }
  }

  #drop(place: Place): void {
    if (place.end > place.start) this.#dead.push(place);
  }

  /** Takes what does not count out of the output, at the end of the message. */
  remove(): void {
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
