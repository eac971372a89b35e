import type { ToJson } from "../codec.js";
import type { Field } from "../field.js";
import type { MessageWriter } from "../write/message-writer.js";

/**
 * Makes a function that writes a message from its fields only. It does the same as the generated function of a codec,
 * but is slower.
 *
 * @param fields in ascending order of their numbers
 * @param whole whether to write fields without presence that are not on the wire
 */
export function tableToJson(fields: readonly Field[], whole: boolean): ToJson {
  return (t) => {
    let tag = t.next();
    // Only the first member of a oneof is accepted. If there is a second one, the wire is not canonical.
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
