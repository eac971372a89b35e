import type { Field } from "../../json/field.js";
import type { WireWriter } from "../../json/wire/wire-writer.js";

/** Writes the value of a message field: its tag and what goes with it, around what `write` writes. */
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
