import type { JsonObject } from "../../../model/json.js";
import type { ScalarType } from "../../../model/model.js";
import type { Place, SchemaDialect } from "../schema-dialect.js";

const NOT_FINITE = ["NaN", "Infinity", "-Infinity"];

/**
 * The schemas of OpenAPI 3.1, which follow JSON Schema 2020-12.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#schema-object
 * @see https://spec.openapis.org/registry/format/
 */
export const openapiDialect: SchemaDialect = {
  referencePrefix: "#/components/schemas/",
  componentName: (typeName) => typeName,
  scalar,
  nothing: { type: "null" },
  orNothing: (schema) => ({ anyOf: [schema, { type: "null" }] }),
  enumExtras: () => ({}),
  mapExtras: (key) => (key === "string" ? {} : { propertyNames: { pattern: keyPattern(key) } }),
  exclusive,
  marks: ({ deprecated, readOnly, writeOnly }) => ({
    ...(deprecated ? { deprecated } : {}),
    ...(readOnly ? { readOnly } : {}),
    ...(writeOnly ? { writeOnly } : {}),
  }),
  markText: () => "",
};

function scalar(type: ScalarType, place: Place): JsonObject {
  switch (type) {
    case "bool":
      return { type: "boolean" };
    case "string":
      return { type: "string" };
    case "bytes":
      return { type: "string", contentEncoding: "base64" };
    case "double":
    case "float":
      return { anyOf: [{ type: "number", format: type }, { enum: NOT_FINITE }] };
    case "int32":
    case "sint32":
    case "sfixed32":
      return { type: "integer", format: "int32" };
    case "uint32":
    case "fixed32":
      return { type: "integer", format: "uint32" };
    case "int64":
    case "sint64":
    case "sfixed64":
      return { type: digits(place), format: "int64", pattern: keyPattern(type) };
    case "uint64":
    case "fixed64":
      return { type: digits(place), format: "uint64", pattern: keyPattern(type) };
  }
}

/**
 * The JSON type of a 64-bit integer. Responses contain strings, and request bodies may contain numbers too. In a
 * parameter, a string and a number look the same.
 */
function digits(place: Place): string | readonly string[] {
  return place === "request" ? ["string", "integer"] : "string";
}

function keyPattern(type: ScalarType): string {
  if (type === "bool") return "^(true|false)$";
  return type.startsWith("u") || type.startsWith("fixed") ? "^[0-9]+$" : "^-?[0-9]+$";
}

/**
 * Forbids each pair of members with `not`. Client generators ignore it, whereas they would make a type per choice for
 * `oneOf`.
 */
function exclusive(groups: readonly (readonly string[])[]): JsonObject {
  const pairs = groups.flatMap((group) =>
    group.flatMap((member, index) => group.slice(index + 1).map((other) => ({ required: [member, other] }))),
  );
  return pairs.length === 0 ? {} : { not: pairs.length === 1 ? (pairs[0] ?? {}) : { anyOf: pairs } };
}
