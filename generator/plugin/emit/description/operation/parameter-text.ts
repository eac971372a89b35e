import type { FieldModel } from "../../../model/model.js";
import { wellKnownName } from "../../../model/well-known.js";
import { fieldText } from "../field-text.js";
import { codeList, joinParagraphs } from "../prose.js";
import type { Content, Operation } from "./operation.js";
import type { PathParameter } from "./operation-path.js";
import type { QueryParameter } from "./query-parameters.js";

/**
 * The description of a path parameter: that of its field, and which part of the field it is if its name does not show
 * this.
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

/**
 * The description of a query parameter: that of its field, and a note on the field mask that the body of a PATCH can
 * replace.
 */
export function queryParameterText(operation: Operation, parameter: QueryParameter): string {
  return joinParagraphs(
    fieldText(parameter.field),
    parameter === filledMask(operation) ? "Left out, it is the fields that the body has." : "",
  );
}

/** The field mask that the body of a PATCH fills: `update_mask`, or the only field mask of the request. */
function filledMask({ method, request, queryParameters }: Operation): QueryParameter | undefined {
  if (method !== "patch" || request?.kind !== "field") return undefined;
  const masks = queryParameters.filter(
    ({ path, field }) =>
      path.length === 1 && field.type.kind === "message" && wellKnownName(field.type.name) === "FieldMask",
  );
  return masks.find(({ field }) => field.name === "update_mask") ?? (masks.length === 1 ? masks[0] : undefined);
}

/** Names the fields of a message that are not in the body because they come from the path. */
export function fromPathText(content: Content): string {
  if (content.kind !== "message" || content.without.size === 0) return "";
  return `The message without ${codeList([...content.without])}: the path has ${content.without.size === 1 ? "it" : "them"}.`;
}
