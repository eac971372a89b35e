import type { Api } from "./description.js";
import { type Json, type JsonObject, listOf, objectOf, text } from "./json-parts.js";

/** The kind of a schema's values, as far as the editor needs it. */
export type Shape =
  | { readonly kind: "object"; readonly fields: JsonObject }
  | { readonly kind: "map"; readonly values: Json }
  | { readonly kind: "list"; readonly items: Json }
  | { readonly kind: "enum"; readonly names: readonly string[] }
  | { readonly kind: "integer"; readonly is64: boolean; readonly isUnsigned: boolean }
  | { readonly kind: "number" }
  | { readonly kind: "boolean" }
  | { readonly kind: "bytes" }
  | { readonly kind: "string" }
  /** Any JSON. */
  | { readonly kind: "any" };

/** Returns the kind of a schema's values. */
export function shapeOf(api: Api, schema: Json | undefined): Shape {
  const found = api.resolve(schema);
  const types = typeof found["type"] === "string" ? [found["type"]] : listOf(found["type"]).map(text);
  const format = text(found["format"]);
  if (found["enum"] !== undefined) return { kind: "enum", names: listOf(found["enum"]).map(text) };
  if (/^u?int64$/.test(format)) return { kind: "integer", is64: true, isUnsigned: format === "uint64" };
  if (types.includes("integer")) return { kind: "integer", is64: false, isUnsigned: format === "uint32" };
  if (found["contentEncoding"] === "base64") return { kind: "bytes" };
  if (types.includes("array")) return { kind: "list", items: found["items"] ?? {} };
  if (types.includes("number")) return { kind: "number" };
  if (types.includes("boolean")) return { kind: "boolean" };
  if (types.includes("string")) return { kind: "string" };
  if (found["properties"] !== undefined) return { kind: "object", fields: objectOf(found["properties"]) };
  const values = found["additionalProperties"];
  if (values !== undefined && values !== false) return values === true ? { kind: "any" } : { kind: "map", values };
  return types.includes("object") ? { kind: "object", fields: {} } : { kind: "any" };
}

/** Finds a field by its name in JSON: its proto name or its lowerCamelCase name, since servers accept both. */
export function fieldOf(
  fields: JsonObject,
  name: string,
): { readonly name: string; readonly schema: Json } | undefined {
  const given = [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  for (const each of given) {
    const schema = Object.hasOwn(fields, each) ? fields[each] : undefined;
    if (schema !== undefined) return { name: each, schema };
  }
  return undefined;
}

/** Describes a shape in words. */
export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "object":
      return "an object";
    case "map":
      return "an object with a value for each key";
    case "list":
      return "a list";
    case "enum":
      return `one of ${shape.names.join(", ")}`;
    case "integer":
      return shape.isUnsigned ? "an integer, zero or more" : "an integer";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "bytes":
      return "bytes";
    case "string":
      return "a string";
    case "any":
      return "any JSON";
  }
}
