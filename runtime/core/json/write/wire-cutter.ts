import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { WireError } from "../wire/wire-error.js";
import { MAX_DEPTH, WireReader } from "../wire/wire-reader.js";
import { isList, type JsonPart, SliceList } from "./slice-list.js";

/** How many fields are read past at a time: what takes a millisecond or two. */
const FIELDS_AT_A_TIME = 100_000;

/**
 * Cuts a message into slices of about `size` bytes of wire: between two elements of a list, its own or one of a large
 * message in it. A slice is larger where there is no place to cut: in a string, a map, a packed field.
 *
 * Yields from time to time, for others to have their turn. Returns `undefined` for a message that has to be encoded
 * whole: its fields are not in the order of their text, or their text does not depend on them alone, or it is malformed.
 */
export function* cutWire(
  codec: MessageCodec,
  wire: Buffer,
  size: number,
): Generator<undefined, readonly JsonPart[] | undefined> {
  if (!isSumOfFields(codec)) return undefined;
  const cutter = new WireCutter(wire, size);
  try {
    return (yield* cutter.message(codec)) ? cutter.parts : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

class WireCutter extends WireReader {
  readonly parts: JsonPart[] = [];
  private readonly size: number;
  private depth = 0;
  private fields = 0;

  constructor(wire: Buffer, size: number) {
    super();
    this.wire = wire;
    this.limit = wire.length;
    this.size = size;
  }

  /** Cuts the message from here up to the limit; `false` if its fields are not in the order of their text. */
  *message(codec: MessageCodec): Generator<undefined, boolean> {
    if (++this.depth > MAX_DEPTH) return false;
    const slices = new SliceList(codec, this.at, this.parts);
    const oneofs = new Set<string>();
    let previous: Field | undefined;
    for (let start = this.at, tag = this.next(); tag !== 0; start = this.at, tag = this.next()) {
      if (++this.fields % FIELDS_AT_A_TIME === 0) yield;
      const value = this.at;
      this.skip(tag);
      const field = tag === previous?.tag ? previous : codec.fieldOf(tag);
      if (field === undefined) continue;
      if (!mayFollow(previous, field) || (field.oneof !== undefined && oneofs.has(field.oneof))) return false;
      if (field.oneof !== undefined) oneofs.add(field.oneof);
      previous = field;
      if (this.at - value > this.size && hasPlacesToCut(field)) {
        slices.cut(start, field);
        slices.enter(field);
        if (!(yield* this.content(field, value))) return false;
        slices.leave(field, this.at);
      } else {
        if (start - slices.start >= this.size && slices.goesOnWith(field)) slices.cut(start, field);
        slices.add(field);
      }
    }
    slices.close(this.at);
    this.depth--;
    return true;
  }

  /** Cuts the message in a field whose length is at `start`. */
  private *content(field: Field, start: number): Generator<undefined, boolean> {
    const outer = this.limit;
    this.at = start;
    this.limit = this.lengthEnd();
    const isCut = yield* this.message(field.message);
    this.limit = outer;
    return isCut;
  }
}

/** Whether fields one after the other are in the order of their text, each singular one once. */
function mayFollow(previous: Field | undefined, field: Field): boolean {
  if (previous === undefined || field.number > previous.number) return true;
  return field === previous && field.cardinality !== "singular";
}

/** Whether a message's text is made of its fields' text, and nothing else. */
function isSumOfFields({ form, writesDefaults }: MessageCodec): boolean {
  return form === undefined && !writesDefaults;
}

/** Whether a field is a message in which there may be places to cut. */
function hasPlacesToCut(field: Field): boolean {
  if (field.type !== "message" || field.cardinality === "map" || field.delimited) return false;
  const { message } = field;
  return isSumOfFields(message) && message.fields.some((each) => isList(each) || each.type === "message");
}
