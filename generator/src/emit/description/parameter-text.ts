import type { Content } from "./operation.js";
import type { PathParameter } from "./operation-path.js";
import { codeList, joinParagraphs } from "./prose.js";

/** What a path parameter is for, where its name does not say it. */
export function pathParameterText({ name, field, pattern, deep }: PathParameter): string {
  const fieldName = field?.join(".");
  return joinParagraphs(
    fieldName === undefined ? "Not used." : "",
    fieldName !== undefined && pattern !== undefined ? `A part of \`${fieldName}\`, which is \`${pattern}\`.` : "",
    fieldName !== undefined && pattern === undefined && fieldName !== name ? `The field \`${fieldName}\`.` : "",
    deep ? "Any number of path segments, with the slashes between them as they are." : "",
  );
}

/** Which fields of a message are not in the body, because they come from the path. */
export function fromPathText(content: Content): string {
  if (content.kind !== "message" || content.without.size === 0) return "";
  return `The message without ${codeList([...content.without])}: the path has ${content.without.size === 1 ? "it" : "them"}.`;
}
