import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { WireError } from "../wire/wire-error.js";
import { WireReader } from "../wire/wire-reader.js";

/**
 * Returns the path of the field that contains a byte of a message's wire, e.g. `kvs[3].key`, as far as the wire can be
 * read. Errors are rare, so the wire is read again instead of tracking the path during transcoding.
 */
export function wirePath(codec: MessageCodec, wire: Buffer, offset: number): string {
  return new PathFinder(wire, offset).find(codec);
}

class PathFinder extends WireReader {
  private readonly offset: number;

  constructor(wire: Buffer, offset: number) {
    super();
    this.wire = wire;
    this.limit = wire.length;
    this.offset = offset;
  }

  find(codec: MessageCodec): string {
    const counts = new Map<Field, number>();
    let path = "";
    try {
      for (let start = this.at, tag = this.next(); tag !== 0 && start <= this.offset; tag = this.next()) {
        const field = codec.fieldOf(tag);
        const index = field === undefined ? 0 : (counts.get(field) ?? 0);
        const payload = this.at;
        if (this.holds(tag)) {
          if (field === undefined) return "";
          path = field.cardinality === "singular" ? field.name : `${field.name}[${index}]`;
          if (field.type !== "message" || field.cardinality === "map") return path;
          this.at = payload;
          if (!field.delimited) this.limit = this.lengthEnd();
          const inner = this.find(field.message);
          return inner === "" ? path : `${path}.${inner}`;
        }
        if (field !== undefined) counts.set(field, index + 1);
        start = this.at;
      }
    } catch (error) {
      // A part that cannot be read has no path of its own.
      if (!(error instanceof WireError)) throw error;
    }
    return path;
  }

  /** Skips a value. Returns `true` if the byte is in it, or if it cannot be read. */
  private holds(tag: number): boolean {
    try {
      this.skip(tag);
      return this.at > this.offset;
    } catch (error) {
      if (error instanceof WireError) return true;
      throw error;
    }
  }
}
