import type { JsonObject } from "../../../model/json.js";

/** The `content` of a JSON body with a schema. */
export function json(schema: JsonObject, extras: JsonObject = {}): JsonObject {
  return { "application/json": { schema, ...extras } };
}
