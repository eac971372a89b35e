import type { JsonObject } from "../../model/json.js";
import { wrappedScalar } from "../../model/well-known.js";
import type { Place, SchemaDialect } from "./schema-dialect.js";

/** The message that can contain any other message. */
export const ANY = "google.protobuf.Any";

/** The message whose bytes are a whole request or response body of any content type. */
export const HTTP_BODY = "google.api.HttpBody";

/**
 * The schema of a well-known type whose JSON is a single value. It is written inline. `undefined` for other types.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export function singleValueSchema(name: string, place: Place, dialect: SchemaDialect): JsonObject | undefined {
  const wrapped = wrappedScalar(name);
  if (wrapped !== undefined) return dialect.scalar(wrapped, place);
  switch (name) {
    case "google.protobuf.Timestamp":
      return { type: "string", format: "date-time" };
    case "google.protobuf.Duration":
      return { type: "string", pattern: "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$" };
    case "google.protobuf.FieldMask":
      return { type: "string", description: "Paths of fields, joined by commas." };
    case "google.protobuf.NullValue":
      return dialect.nothing;
    default:
      return undefined;
  }
}

/** The schema of a well-known type whose JSON has a special structure. `undefined` for other types. */
export function structureSchema(name: string): JsonObject | undefined {
  switch (name) {
    case "google.protobuf.Struct":
      return { type: "object", additionalProperties: true, description: "Any JSON object." };
    case "google.protobuf.ListValue":
      return { type: "array", items: {}, description: "Any JSON array." };
    case "google.protobuf.Value":
      return { description: "Any JSON value." };
    case ANY:
      return {
        type: "object",
        properties: { "@type": { type: "string", description: "The URL of the message's type." } },
        additionalProperties: true,
        description:
          "A message of any type: its fields beside `@type`, or in `value` if its JSON is not an object of fields.",
      };
    case "google.protobuf.Empty":
      return { type: "object", description: "Nothing: an empty object." };
    default:
      return undefined;
  }
}
