import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { MAX_DEPTH } from "../wire/max-depth.js";
import { WireError } from "../wire/wire-error.js";
import { WireReader } from "../wire/wire-reader.js";
import { isList, type JsonPart, SliceList } from "./slice-list.js";

/** The number of fields to skip between two yields, which takes a millisecond or two. */
const FIELDS_AT_A_TIME = 100_000;

/**
 * Cuts a message into slices of about `size` bytes of wire. It cuts between two elements of a list, which belongs to
 * the message or to a large message in it. A slice is larger where no cut is possible: in a string, a map or a packed
 * field.
 *
 * Yields from time to time, so that other work can run. Returns `undefined` if the message must be encoded as a whole:
 *
 * - its fields are not in the order of their text,
 * - its text does not depend on its fields alone, or
 * - it is malformed.
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

  /**
   * Cuts the message from the current position up to the limit. Returns `false` if its fields are not in the order of
   * their text.
   */
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

  /** Cuts the message in a field whose length begins at `start`. */
  private *content(field: Field, start: number): Generator<undefined, boolean> {
    const outer = this.limit;
    this.at = start;
    this.limit = this.lengthEnd();
    const isCut = yield* this.message(field.message);
    this.limit = outer;
    return isCut;
  }
}

/**
 * Whether `field` may follow `previous` if fields are in the order of their text and each singular field occurs once.
 */
function mayFollow(previous: Field | undefined, field: Field): boolean {
  if (previous === undefined || field.number > previous.number) return true;
  return field === previous && field.cardinality !== "singular";
}

/** Whether the text of a message consists of the text of its fields only. */
function isSumOfFields({ form, writesDefaults }: MessageCodec): boolean {
  return form === undefined && !writesDefaults;
}

/** Whether a field is a message in which a cut may be possible. */
function hasPlacesToCut(field: Field): boolean {
  if (field.type !== "message" || field.cardinality === "map" || field.delimited) return false;
  const { message } = field;
  return isSumOfFields(message) && message.fields.some((each) => isList(each) || each.type === "message");
}
