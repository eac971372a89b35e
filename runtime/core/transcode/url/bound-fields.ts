import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import { WireReader } from "../../json/wire/wire-reader.js";
import { WireWriter } from "../../json/wire/wire-writer.js";

/** The fields on the way to a value, outermost first. */
export type FieldPath = readonly Field[];

/**
 * Removes the fields that are bound to the path from a body's wire bytes. They must not remain even if the value from
 * the path is a default, or a message with which the body's message would be merged.
 *
 * @throws GatewayError `INVALID_ARGUMENT` if the body sets another member of a oneof that has a member in the path
 */
export function withoutFields(codec: MessageCodec, wire: Buffer, paths: readonly FieldPath[]): Buffer {
  if (paths.length === 0 || wire.length === 0) return wire;
  return new FieldStripper(wire).strip(codec, paths);
}

class FieldStripper extends WireReader {
  readonly #out: WireWriter;

  constructor(wire: Buffer) {
    super();
    this.wire = wire;
    this.limit = wire.length;
    this.#out = new WireWriter(wire.length);
  }

  strip(codec: MessageCodec, paths: readonly FieldPath[]): Buffer {
    this.#message(codec, paths);
    return this.#out.finish();
  }

  #message(codec: MessageCodec, paths: readonly FieldPath[]): void {
    for (let start = this.at, tag = this.next(); tag !== 0; start = this.at, tag = this.next()) {
      const within = paths.filter(([field]) => field?.tag === tag || field?.otherTag === tag);
      if (within.length === 0) {
        rejectOtherMember(codec.fieldOf(tag), paths);
        this.skip(tag);
        this.#out.append(this.wire, start, this.at);
      } else if (within.some((path) => path.length === 1)) this.skip(tag);
      else this.#submessage(codec, tag, within);
    }
  }

  #submessage(codec: MessageCodec, tag: number, paths: readonly FieldPath[]): void {
    const delimited = paths[0]?.[0]?.delimited === true;
    const outer = this.limit;
    const payload = delimited ? this.at : undefined;
    const end = delimited ? this.skipGroup(tag) : this.lengthEnd();
    const after = delimited ? this.at : end;
    if (payload !== undefined) this.at = payload;
    this.limit = end;
    this.#out.varint32(tag);
    const inner = paths.map((path) => path.slice(1));
    const message = codec.fieldOf(tag)?.message ?? codec;
    if (delimited) {
      this.#message(message, inner);
      this.#out.varint32(tag + 1);
    } else {
      const start = this.#out.begin();
      this.#message(message, inner);
      this.#out.end(start);
    }
    this.limit = outer;
    this.at = after;
  }
}

/** Rejects a field of the body if the path has another member of its oneof, because only one of them can be set. */
function rejectOtherMember(field: Field | undefined, paths: readonly FieldPath[]): void {
  if (field?.oneof === undefined) return;
  const bound = paths.find(([first]) => first?.oneof === field.oneof)?.[0];
  if (bound === undefined) return;
  throw new GatewayError(
    Status.INVALID_ARGUMENT,
    `${field.name}: second member of the oneof ${field.oneof}: the path sets ${bound.name}`,
  );
}
