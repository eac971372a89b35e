import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { quoted } from "../text/quoted.js";

/**
 * A range of adjacent fields on the wire. It is itself a message, and its JSON is a part of the JSON of the whole
 * message.
 */
export interface WireSlice {
  readonly codec: MessageCodec;
  readonly start: number;
  readonly end: number;
  /**
   * The number of bytes at the beginning of its JSON that are not part of the whole: `{`, or `{"name":[` within a list.
   */
  readonly head: number;
  /** The number of bytes at the end of its JSON that are not part of the whole: `}`, or `]}` within a list. */
  readonly tail: number;
}

/** A part of the JSON of a large message: a slice of its wire, or text between slices. Commas are not included. */
export type JsonPart = WireSlice | string;

/** Builds the list of slices of a message. */
export class SliceList {
  readonly #codec: MessageCodec;
  readonly #parts: JsonPart[];
  #start: number;
  /** The list that the current slice begins in, if any. */
  #list: Field | undefined;
  /** The first and the last field of the current slice. */
  #first: Field | undefined;
  #last: Field | undefined;

  /** Begins a message, whose first field is at `start`, and appends its parts to `parts`. */
  constructor(codec: MessageCodec, start: number, parts: JsonPart[]) {
    this.#codec = codec;
    this.#start = start;
    this.#parts = parts;
    parts.push("{");
  }

  /** The start of the current slice. */
  get start(): number {
    return this.#start;
  }

  /** Whether a field is another element of the current list. */
  goesOnWith(field: Field): boolean {
    return isList(field) && field === (this.#last ?? this.#list);
  }

  /** Adds a field to the current slice. */
  add(field: Field): void {
    this.#first ??= field;
    this.#last = field;
  }

  /** Ends the current slice before a field. */
  cut(end: number, next: Field): void {
    this.#end(end, this.goesOnWith(next) ? next : undefined);
  }

  /** Begins the message in a field, which is cut into slices of its own. */
  enter(field: Field): void {
    if (this.#list !== field) this.#parts.push(`${quoted(field.output)}:${isList(field) ? "[" : ""}`);
  }

  /** Continues after the message in a field. */
  leave(field: Field, start: number): void {
    this.#start = start;
    this.#list = isList(field) ? field : undefined;
  }

  /** Ends the message. */
  close(end: number): void {
    this.#end(end, undefined);
    this.#parts.push("}");
  }

  /** @param list the list that continues after the slice */
  #end(end: number, list: Field | undefined): void {
    const first = this.#first;
    if (this.#list !== undefined && this.#list !== (first ?? list)) {
      this.#parts.push("]");
      this.#list = undefined;
    }
    if (first !== undefined) {
      // The text of a field begins with a comma, which stands in place of the brace.
      const head = this.#list === undefined ? 1 : this.#list.textLength + 1;
      const tail = list === undefined ? 1 : 2;
      this.#parts.push({ codec: this.#codec, start: this.#start, end, head, tail });
      this.#list = list;
    }
    this.#start = end;
    this.#first = undefined;
    this.#last = undefined;
  }
}

/**
 * Whether each element of a field has its own tag on the wire and is always written, so that a cut between two elements
 * is possible.
 */
export function isList({ cardinality, type }: Field): boolean {
  return cardinality === "repeated" && (type === "message" || type === "string" || type === "bytes");
}
