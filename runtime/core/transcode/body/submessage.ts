import type { Field } from "../../json/field.js";
import type { WireWriter } from "../../json/wire/wire-writer.js";

/**
 * Writes a message field: its tag, then the message that `write` writes, with its length or, for a delimited field, its
 * end tag.
 */
export function writeSubmessage(out: WireWriter, field: Field, write: () => void): void {
  out.varint32(field.tag);
  if (field.delimited) {
    write();
    out.varint32(field.tag + 1);
    return;
  }
  const start = out.begin();
  write();
  out.end(start);
}
