import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { quoted } from "../text/quoted.js";

/** Fields of a message that follow each other on the wire: a message too, whose JSON is a part of the whole one's. */
export interface WireSlice {
  readonly codec: MessageCodec;
  readonly start: number;
  readonly end: number;
  /** How many bytes at the beginning of its JSON are not the whole's: `{`, or `{"name":[` within a list. */
  readonly head: number;
  /** How many bytes at the end of its JSON are not the whole's: `}`, or `]}` within a list. */
  readonly tail: number;
}

/** What the JSON of a large message is made of: that of slices of its wire, and text between them; but for commas. */
export type JsonPart = WireSlice | string;

/** The slices of a message, as they are cut. */
export class SliceList {
  readonly #codec: MessageCodec;
  readonly #parts: JsonPart[];
  #start: number;
  /** The list that the text is in where the slice under way begins. */
  #list: Field | undefined;
  /** The first and the last field of the slice under way. */
  #first: Field | undefined;
  #last: Field | undefined;

  /** Begins a message, whose first field is at `start`, behind the parts that there are. */
  constructor(codec: MessageCodec, start: number, parts: JsonPart[]) {
    this.#codec = codec;
    this.#start = start;
    this.#parts = parts;
    parts.push("{");
  }

  /** Where the slice under way begins. */
  get start(): number {
    return this.#start;
  }

  /** Whether a field is another element of the list that is under way. */
  goesOnWith(field: Field): boolean {
    return isList(field) && field === (this.#last ?? this.#list);
  }

  /** Takes a field into the slice under way. */
  add(field: Field): void {
    this.#first ??= field;
    this.#last = field;
  }

  /** Ends the slice under way before a field. */
  cut(end: number, next: Field): void {
    this.#end(end, this.goesOnWith(next) ? next : undefined);
  }

  /** Begins the message in a field of its own, which no slice of this message has. */
  enter(field: Field): void {
    if (this.#list !== field) this.#parts.push(`${quoted(field.output)}:${isList(field) ? "[" : ""}`);
  }

  /** Goes on behind the message in a field. */
  leave(field: Field, start: number): void {
    this.#start = start;
    this.#list = isList(field) ? field : undefined;
  }

  /** Ends the message. */
  close(end: number): void {
    this.#end(end, undefined);
    this.#parts.push("}");
  }

  /** @param list the list that goes on behind the slice */
  #end(end: number, list: Field | undefined): void {
    const first = this.#first;
    if (this.#list !== undefined && this.#list !== (first ?? list)) {
      this.#parts.push("]");
      this.#list = undefined;
    }
    if (first !== undefined) {
      // The text of a field has a comma in the place of the brace.
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

/** Whether a field has elements of its own on the wire that are all written: there may be a cut between two of them. */
export function isList({ cardinality, type }: Field): boolean {
  return cardinality === "repeated" && (type === "message" || type === "string" || type === "bytes");
}
