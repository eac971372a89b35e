import type { ExternalDocs, SchemaDocs } from "../../model/documentation.js";
import { isJson, type JsonObject } from "../../model/json.js";

/** The schema keywords that options set, except `description`. */
export function docsKeywords(docs: SchemaDocs | undefined): JsonObject {
  if (docs === undefined) return {};
  const { title, example, externalDocs, limits } = docs;
  return {
    ...(title === undefined ? {} : { title }),
    ...limits,
    ...docsMember(externalDocs),
    ...(isJson(example) ? { example } : {}),
  };
}

/** The member `externalDocs`, or no member. */
export function docsMember(externalDocs: ExternalDocs | undefined): JsonObject {
  if (externalDocs === undefined) return {};
  const { url, description } = externalDocs;
  return { externalDocs: { url, ...(description === undefined ? {} : { description }) } };
}
