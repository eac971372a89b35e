import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import { WireReader } from "../../json/wire/wire-reader.js";

/**
 * Extracts the occurrences of one field from a message's wire bytes, with their tags, and concatenates them. The result
 * is a message with this field only.
 *
 * @throws WireError if the wire bytes are malformed
 */
export function fieldPieces(codec: MessageCodec, field: Field, wire: Buffer): Buffer {
  const pieces = new PieceReader(wire).pieces(codec, field);
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

/**
 * Extracts the wire bytes of the singular message in a field, and concatenates its pieces; `undefined` if it is absent.
 *
 * @throws WireError if the wire bytes are malformed
 */
export function messagePieces(codec: MessageCodec, field: Field, wire: Buffer): Buffer | undefined {
  const payloads = new PieceReader(fieldPieces(codec, field, wire)).payloads(field);
  return payloads.length === 0 ? undefined : Buffer.concat(payloads);
}

class PieceReader extends WireReader {
  constructor(wire: Buffer) {
    super();
    this.wire = wire;
    this.limit = wire.length;
  }

  /** The occurrences of a field. For a member of a oneof, only those after the last occurrence of another member. */
  pieces(codec: MessageCodec, field: Field): readonly Buffer[] {
    const pieces: Buffer[] = [];
    // Adjacent occurrences become one piece, because a list is usually contiguous.
    let run = -1;
    for (let start = this.at, tag = this.next(); tag !== 0; start = this.at, tag = this.next()) {
      this.skip(tag);
      if (tag === field.tag || tag === field.otherTag) {
        if (run === -1) run = start;
        continue;
      }
      if (run !== -1) pieces.push(this.wire.subarray(run, start));
      run = -1;
      if (field.oneof !== undefined && codec.fieldOf(tag)?.oneof === field.oneof) pieces.length = 0;
    }
    if (run !== -1) pieces.push(this.wire.subarray(run, this.limit));
    return pieces;
  }

  /** The payloads of wire bytes that contain only occurrences of one message field. */
  payloads(field: Field): readonly Buffer[] {
    const payloads: Buffer[] = [];
    for (let tag = this.next(); tag !== 0; tag = this.next()) {
      const start = this.at;
      if (field.delimited) payloads.push(this.wire.subarray(start, this.skipGroup(tag)));
      else {
        const end = this.lengthEnd();
        payloads.push(this.wire.subarray(this.at, end));
        this.at = end;
      }
    }
    return payloads;
  }
}
