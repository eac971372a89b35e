import type { JsonObject } from "../../model/json.js";
import { jsonScalar } from "../../model/json-scalar.js";
import { isSingleValue, type WellKnownName, wellKnownName, wrappedScalar } from "../../model/well-known.js";
import type { SchemaSyntax, SchemaUse } from "./schema-syntax.js";

/** The schemas of the well-known types, except wrappers. */
const SCHEMAS: Readonly<Record<WellKnownName, JsonObject>> = {
  Any: {
    type: "object",
    properties: { "@type": { type: "string", description: "The URL of the message's type." } },
    additionalProperties: true,
    description:
      "A message of any type: its fields beside `@type`, or in `value` if its JSON is not an object of fields.",
  },
  Duration: { type: "string", pattern: "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$" },
  Empty: { type: "object", description: "Nothing: an empty object." },
  FieldMask: { type: "string", description: "Paths of fields, joined by commas." },
  ListValue: { type: "array", items: {}, description: "Any JSON array." },
  Struct: { type: "object", additionalProperties: true, description: "Any JSON object." },
  Timestamp: { type: "string", format: "date-time" },
  Value: { description: "Any JSON value." },
};

/**
 * The schema of a well-known type whose JSON is a single value. It is written inline. `undefined` for other types.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export function singleValueSchema(name: string, use: SchemaUse, syntax: SchemaSyntax): JsonObject | undefined {
  if (name === "google.protobuf.NullValue") return syntax.nothing;
  const wrapped = wrappedScalar(name);
  if (wrapped !== undefined) return syntax.scalar(jsonScalar(wrapped), use);
  return isSingleValue(name) ? schemaOf(name) : undefined;
}

/** The schema of a well-known type whose JSON has a special structure. `undefined` for other types. */
export function structureSchema(name: string): JsonObject | undefined {
  return isSingleValue(name) ? undefined : schemaOf(name);
}

function schemaOf(message: string): JsonObject | undefined {
  const name = wellKnownName(message);
  return name === undefined ? undefined : SCHEMAS[name];
}
