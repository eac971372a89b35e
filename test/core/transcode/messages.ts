import { type MessageCodec, messageCodec } from "../../../runtime/core/json/codec.js";
import { field, map, repeated } from "../../../runtime/core/json/field.js";
import { StructCodec } from "../../../runtime/core/json/well-known/struct.js";

/** Makes a codec for tests that need only its table of fields. */
function table(name: string, fields: Parameters<typeof messageCodec>[0]["fields"]): MessageCodec {
  return messageCodec({ name, fields, toJson: () => assertUnused(name) });
}

function assertUnused(name: string): never {
  throw new Error(`${name} is not written as JSON here`);
}

/** A message with a field that is encoded as a group, as in proto2. */
export const nodeCodec: MessageCodec = table("test.Node", {
  node_name: field(1, "node_name", "string"),
  inNer: field(2, "inNer", () => nodeCodec, { jsonName: "Inner" }),
  group: field(3, "group", () => nodeCodec, { delimited: true }),
  nodes: repeated(4, "nodes", () => nodeCodec),
  by_name: map(5, "by_name", "string", () => nodeCodec),
  free: field(6, "free", () => StructCodec),
  sizes: repeated(7, "sizes", "int32"),
  one: field(8, "one", "string", { oneof: "choice" }),
  two: field(9, "two", () => nodeCodec, { oneof: "choice" }),
});
