import type { JsonObject } from "../../../model/json.js";
import type { JsonScalar } from "../../../model/json-scalar.js";
import type { SchemaSyntax, SchemaUse } from "../schema-syntax.js";

const NOT_FINITE = ["NaN", "Infinity", "-Infinity"];

/**
 * The schemas of OpenAPI 3.1, which follow JSON Schema 2020-12.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#schema-object
 * @see https://spec.openapis.org/registry/format/
 */
export const openapiSyntax: SchemaSyntax = {
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

function scalar(type: JsonScalar, use: SchemaUse): JsonObject {
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
    case "uint32":
      return { type: "integer", format: type };
    case "int64":
    case "uint64":
      return { type: digits(use), format: type, pattern: keyPattern(type) };
  }
}

/**
 * The JSON type of a 64-bit integer. Responses contain strings, and request bodies may contain numbers too. In a
 * parameter, a string and a number look the same.
 */
function digits(use: SchemaUse): string | readonly string[] {
  return use === "request" ? ["string", "integer"] : "string";
}

function keyPattern(type: JsonScalar): string {
  if (type === "bool") return "^(true|false)$";
  return type.startsWith("u") ? "^[0-9]+$" : "^-?[0-9]+$";
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
