import { isJson, isObject, type Json } from "../../../model/json.js";
import type { JsonNames } from "../../../plugin-options.js";
import type { Content } from "../operation/operation.js";
import type { PathParameter } from "../operation/operation-path.js";
import { jsonName } from "../schemas.js";

/**
 * Takes the example of a body from an example request message. Returns `undefined` if it contains none.
 *
 * @param fromPath JSON names of the fields that are not in the body
 */
export function bodyExample(
  message: unknown,
  content: Content,
  names: JsonNames,
  fromPath: ReadonlySet<string>,
): Json | undefined {
  if (!isJson(message)) return undefined;
  if (content.kind === "bytes") return undefined;
  if (content.kind === "field") return valueAt(message, [jsonName(content.field, names)]);
  if (!isObject(message)) return message;
  return Object.fromEntries(Object.entries(message).filter(([name]) => !fromPath.has(name)));
}

/**
 * Takes the example of a path parameter from an example request message.
 *
 * @param path the JSON names of the parameter's field
 */
export function pathExample(
  message: unknown,
  path: readonly string[],
  { pattern, name }: PathParameter,
): Json | undefined {
  const value = path.length === 0 ? undefined : valueAt(message, path);
  if (pattern === undefined || typeof value !== "string") return value;
  const parameters = pattern.split("/").flatMap((segment) => (segment.startsWith("{") ? [segment.slice(1, -1)] : []));
  const shape = pattern.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, "([^/]*)");
  return new RegExp(`^${shape}$`).exec(value)?.[parameters.indexOf(name) + 1];
}

/** Returns the value at a path of JSON names in a request message. */
export function valueAt(message: unknown, names: readonly string[]): Json | undefined {
  let value: unknown = message;
  for (const name of names) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isJson(value) ? value : undefined;
}
