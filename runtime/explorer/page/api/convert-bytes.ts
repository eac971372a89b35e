import { fromBinary, toBinary } from "../bytes/binary.js";
import { textOf } from "../bytes/utf8-text.js";
import type { BytesForm } from "./check-message.js";
import type { Api } from "./description.js";
import { JsonError, type JsonNode, readJsonNodes } from "./json-node.js";
import type { Json } from "./json-parts.js";
import { fieldOf, shapeOf } from "./schema.js";

/**
 * Converts the bytes in messages to another form: base64, or text if they are UTF-8. A text that is not JSON stays
 * unchanged.
 */
export function withBytes(text: string, api: Api, schema: Json | undefined, form: BytesForm): string {
  const found: JsonNode[] = [];
  try {
    for (const node of readJsonNodes(text)) findBytes(node, api, schema, found);
  } catch (error) {
    if (error instanceof JsonError) return text;
    throw error;
  }
  let converted = text;
  for (const node of found.sort((a, b) => b.from - a.from)) {
    const bytes = bytesOf(node, form === "text" ? "base64" : "text");
    if (bytes === undefined) continue;
    converted = converted.slice(0, node.from) + jsonOf(bytes, form) + converted.slice(node.to);
  }
  return converted;
}

/** Returns the bytes of a JSON value; `undefined` if it does not represent bytes. */
export function bytesOf(node: JsonNode, form: BytesForm): Uint8Array | undefined {
  if (node.kind === "string" && form === "text") return new TextEncoder().encode(node.value);
  const [member] = node.kind === "object" ? node.members : [];
  const encoded = member?.name === "base64" ? member.value : node;
  if (encoded.kind !== "string") return undefined;
  try {
    return fromBinary(atob(encoded.value.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}

function jsonOf(bytes: Uint8Array, form: BytesForm): string {
  const text = form === "text" ? textOf(bytes) : undefined;
  if (text !== undefined) return JSON.stringify(text);
  const base64 = JSON.stringify(btoa(toBinary(bytes)));
  return form === "text" ? `{"base64": ${base64}}` : base64;
}

function findBytes(node: JsonNode, api: Api, schema: Json | undefined, found: JsonNode[]): void {
  const shape = shapeOf(api, schema);
  if (shape.kind === "bytes") found.push(node);
  else if (shape.kind === "list" && node.kind === "list") {
    for (const item of node.items) findBytes(item, api, shape.items, found);
  } else if (node.kind === "object") {
    for (const { name, value } of node.members) {
      const inner =
        shape.kind === "map" ? shape.values : shape.kind === "object" ? fieldOf(shape.fields, name)?.schema : undefined;
      if (inner !== undefined) findBytes(value, api, inner, found);
    }
  }
}
