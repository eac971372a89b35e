import type { ToJson } from "../codec.js";
import type { Field } from "../field.js";
import type { MessageWriter } from "../write/message-writer.js";

/**
 * Makes what writes a message from its fields alone, as generated code does for its own. It takes longer than that.
 *
 * @param fields in the order of their numbers
 * @param whole whether fields without presence are written if they are not on the wire, too
 */
export function tableToJson(fields: readonly Field[], whole: boolean): ToJson {
  return (t) => {
    let tag = t.next();
    // Of a oneof, only the first member is taken: with a second one the wire is not canonical.
    const oneofs = new Set<string>();
    for (const field of fields) {
      if (tag !== field.tag && tag !== field.otherTag) {
        if (whole && !hasPresence(field)) t.absent(field);
        continue;
      }
      if (field.oneof !== undefined) {
        if (oneofs.has(field.oneof)) continue;
        oneofs.add(field.oneof);
      }
      tag = write(t, tag, field);
    }
    return tag;
  };
}

function hasPresence({ cardinality, explicit }: Field): boolean {
  return cardinality === "singular" && explicit;
}

function write(t: MessageWriter, tag: number, field: Field): number {
  if (field.cardinality === "map") return t.map(field);
  if (field.cardinality === "repeated") return t.list(tag, field);
  return t[field.type](field);
}
