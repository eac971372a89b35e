import type { ApiSettings } from "../../model/api-settings.js";
import type { ResponseDocs } from "../../model/documentation.js";
import type { Model } from "../../model/model.js";
import type { JsonObject } from "./json.js";
import type { Operation } from "./operation.js";
import { type Schemas, STATUS } from "./schemas.js";

/** The responses of an operation that options tell of, by HTTP status or `default`: its own before those of the whole API. */
export function documentedResponses(
  { rpc }: Operation,
  { responses }: ApiSettings,
): Readonly<Record<string, ResponseDocs>> {
  return { ...responses, ...rpc.docs?.responses };
}

/** The schema of such a response; `undefined` if it says nothing of its body, or names a message that there is not. */
export function documentedSchema({ schema }: ResponseDocs, schemas: Schemas, model: Model): JsonObject | undefined {
  if (schema === undefined) return undefined;
  if ("type" in schema) return { type: schema.type };
  const isKnown = schema.message === STATUS || model.messages[schema.message] !== undefined;
  return isKnown ? schemas.message(schema.message, "response") : undefined;
}
