import type { ApiSettings } from "../../../model/api-settings.js";
import type { ResponseDocs } from "../../../model/documentation.js";
import type { JsonObject } from "../../../model/json.js";
import type { Model } from "../../../model/model.js";
import { type Schemas, STATUS } from "../schemas.js";
import type { Operation } from "./operation.js";

/** The responses of an operation that options do not document. */
export interface UsualResponses {
  readonly success: JsonObject;
  readonly error: JsonObject;
}

/**
 * The responses of an operation, by HTTP status or `default`. Responses that options document are among them. Those of
 * the operation override those of the API.
 *
 * @param documented writes a documented response
 */
export function operationResponses(
  { rpc }: Operation,
  { responses }: ApiSettings,
  { success, error }: UsualResponses,
  documented: (status: string, docs: ResponseDocs) => JsonObject,
): JsonObject {
  const docs = Object.entries({ ...responses, ...rpc.docs?.responses });
  return {
    "200": success,
    ...Object.fromEntries(docs.map(([status, each]) => [status, documented(status, each)])),
    ...(docs.some(([status]) => status === "default") ? {} : { default: error }),
  };
}

/** The schema of a documented response. `undefined` if it does not describe its body or names an unknown message. */
export function documentedSchema({ schema }: ResponseDocs, schemas: Schemas, model: Model): JsonObject | undefined {
  if (schema === undefined) return undefined;
  if ("type" in schema) return { type: schema.type };
  const isKnown = schema.message === STATUS || model.messages[schema.message] !== undefined;
  return isKnown ? schemas.message(schema.message, "response") : undefined;
}
