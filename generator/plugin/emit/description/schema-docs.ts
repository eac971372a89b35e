import type { ExternalDocs, SchemaDocs } from "../../model/documentation.js";
import { isJson, type JsonObject } from "./json.js";

/** The keywords of a schema that options give it, but for its description. */
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

/** The member `externalDocs`, or nothing. */
export function docsMember(externalDocs: ExternalDocs | undefined): JsonObject {
  if (externalDocs === undefined) return {};
  const { url, description } = externalDocs;
  return { externalDocs: { url, ...(description === undefined ? {} : { description }) } };
}
