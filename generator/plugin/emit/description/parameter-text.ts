import type { FieldModel } from "../../model/model.js";
import { fieldText } from "./field-text.js";
import type { Content, Operation } from "./operation.js";
import type { PathParameter } from "./operation-path.js";
import { codeList, joinParagraphs } from "./prose.js";
import type { QueryParameter } from "./query-parameters.js";

const FIELD_MASK = "google.protobuf.FieldMask";

/**
 * What a path parameter is for: what its field is for, and what of the field it is, where its name does not say it.
 *
 * @param target the field, if there is one
 */
export function pathParameterText(
  { name, field, pattern, deep }: PathParameter,
  target: FieldModel | undefined,
): string {
  const fieldName = field?.join(".");
  return joinParagraphs(
    target === undefined ? "" : fieldText(target),
    fieldName === undefined ? "Not used." : "",
    fieldName !== undefined && pattern !== undefined ? `A part of \`${fieldName}\`, which is \`${pattern}\`.` : "",
    fieldName !== undefined && pattern === undefined && fieldName !== name ? `The field \`${fieldName}\`.` : "",
    deep ? "Any number of path segments, with the slashes between them as they are." : "",
  );
}

/** What a query parameter is for: what its field is for, and that the body of a PATCH can stand for a field mask. */
export function queryParameterText(operation: Operation, parameter: QueryParameter): string {
  return joinParagraphs(
    fieldText(parameter.field),
    parameter === filledMask(operation) ? "Left out, it is the fields that the body has." : "",
  );
}

/** The field mask that the body of a PATCH fills: `update_mask`, or else the only one. */
function filledMask({ method, request, queryParameters }: Operation): QueryParameter | undefined {
  if (method !== "patch" || request?.kind !== "field") return undefined;
  const masks = queryParameters.filter(
    ({ path, field }) => path.length === 1 && field.type.kind === "message" && field.type.name === FIELD_MASK,
  );
  return masks.find(({ field }) => field.name === "update_mask") ?? (masks.length === 1 ? masks[0] : undefined);
}

/** Which fields of a message are not in the body, because they come from the path. */
export function fromPathText(content: Content): string {
  if (content.kind !== "message" || content.without.size === 0) return "";
  return `The message without ${codeList([...content.without])}: the path has ${content.without.size === 1 ? "it" : "them"}.`;
}
