import type { ApiSettings } from "../../model/api-settings.js";
import type { ResponseDocs } from "../../model/documentation.js";
import type { JsonObject } from "../../model/json.js";
import type { Model } from "../../model/model.js";
import type { Operation } from "./operation.js";
import { type Schemas, STATUS } from "./schemas.js";

/**
 * The responses that options document for an operation, by HTTP status or `default`. Its own override those of the API.
 */
export function documentedResponses(
  { rpc }: Operation,
  { responses }: ApiSettings,
): Readonly<Record<string, ResponseDocs>> {
  return { ...responses, ...rpc.docs?.responses };
}

/** The schema of a documented response. `undefined` if it does not describe its body or names an unknown message. */
export function documentedSchema({ schema }: ResponseDocs, schemas: Schemas, model: Model): JsonObject | undefined {
  if (schema === undefined) return undefined;
  if ("type" in schema) return { type: schema.type };
  const isKnown = schema.message === STATUS || model.messages[schema.message] !== undefined;
  return isKnown ? schemas.message(schema.message, "response") : undefined;
}
