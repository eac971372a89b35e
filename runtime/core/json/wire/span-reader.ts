import type { Field } from "../field.js";
import type { Span } from "./field-collector.js";
import { WireReader } from "./wire-reader.js";

/** Wire bytes that read as the default of any type. */
const ZEROS = Buffer.alloc(8);

/** Reads one value, whose tag is at the beginning of a span of the wire. Without a span, it reads the default. */
export class SpanReader extends WireReader {
  constructor(wire: Buffer, span: Span | undefined) {
    super();
    this.wire = span === undefined ? ZEROS : wire;
    this.at = span?.start ?? 0;
    this.limit = span?.end ?? ZEROS.length;
    if (span !== undefined) this.next();
  }

  /** Returns the span of the content of a string or bytes. */
  content(): Span {
    const end = this.lengthEnd();
    return { start: this.at, end };
  }

  /** Returns a text that identifies the key of a map: equal keys have the same text, however they are encoded. */
  keyText(type: Field["type"]): string {
    switch (type) {
      case "string": {
        const { start, end } = this.content();
        return this.wire.toString("latin1", start, end);
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
