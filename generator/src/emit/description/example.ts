import type { Json } from "./json.js";
import type { Content } from "./operation.js";
import type { PathParameter } from "./operation-path.js";
import { jsonName } from "./schemas.js";

/** The body of a request message given as JSON with proto names, or `undefined` if the message says nothing of it. */
export function bodyExample(message: unknown, content: Content): Json | undefined {
  if (!isJson(message)) return undefined;
  if (content.kind === "bytes") return undefined;
  if (content.kind === "field") return valueAt(message, [jsonName(content.field)]);
  if (!isObject(message)) return message;
  return Object.fromEntries(Object.entries(message).filter(([name]) => !content.without.has(name)));
}

/** The value of a path parameter in a request message. */
export function pathExample(message: unknown, { field = [], pattern, name }: PathParameter): Json | undefined {
  const value = isJson(message) ? valueAt(message, field) : undefined;
  if (pattern === undefined || typeof value !== "string") return value;
  const names = pattern.split("/").flatMap((segment) => (segment.startsWith("{") ? [segment.slice(1, -1)] : []));
  const shape = pattern.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, "([^/]*)");
  return new RegExp(`^${shape}$`).exec(value)?.[names.indexOf(name) + 1];
}

/** The value that names lead to in a request message. */
export function valueAt(message: unknown, names: readonly string[]): Json | undefined {
  let value: unknown = message;
  for (const name of names) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isJson(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (isObject(value)) return Object.values(value).every(isJson);
  return value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string";
}
