import type { Field } from "./field.js";
import type { Span } from "./field-collector.js";
import { WireReader } from "./wire-reader.js";

const ZEROS = Buffer.alloc(8);

/**
 * A text for the key of a map entry that is the same for equal keys, however they are encoded. `span` is where the key
 * is, its tag included; `undefined` if there is none, which makes it the default.
 */
export function mapKeyText(key: Field, wire: Buffer, span: Span | undefined): string {
  return new KeyReader(wire, span).text(key.type);
}

class KeyReader extends WireReader {
  constructor(wire: Buffer, span: Span | undefined) {
    super();
    this.wire = span === undefined ? ZEROS : wire;
    this.at = span?.start ?? 0;
    this.limit = span?.end ?? ZEROS.length;
    if (span !== undefined) this.next();
  }

  text(type: Field["type"]): string {
    switch (type) {
      case "string": {
        const end = this.lengthEnd();
        return this.wire.toString("latin1", this.at, end);
      }
      case "fixed32":
      case "sfixed32":
        return this.wire.toString("hex", this.at, this.at + 4);
      case "fixed64":
      case "sfixed64":
        return this.wire.toString("hex", this.at, this.at + 8);
      default:
        this.varint();
    }
    if (type === "bool") return String(this.low !== 0 || this.high !== 0);
    return type === "int64" || type === "uint64" || type === "sint64" ? `${this.high}:${this.low}` : String(this.low);
  }
}
