import { at, FieldError } from "../json/field-error.js";
import type { AnyFields, FieldInfo } from "../json/fields.js";
import { entriesOf, setFields, writeValue } from "../json/write.js";

/**
 * Writes the fields of a message as a query: `a=1&b.c=2&tags=x&tags=y&labels[key]=z`.
 *
 * @throws FieldError if a value does not fit its field, or a query cannot express it
 */
export function queryOf(fields: AnyFields, message: unknown): string {
  const parameters: string[] = [];
  addFields(fields, message, "", parameters);
  return parameters.join("&");
}

function addFields(fields: AnyFields, message: unknown, prefix: string, parameters: string[]): void {
  for (const { field, value } of setFields(fields, message)) {
    at(field.name, () => addField(field, value, prefix + field.name, parameters));
  }
}

function addField({ kind, type }: FieldInfo, value: unknown, name: string, parameters: string[]): void {
  const add = (parameter: string, each: unknown): void => {
    if (typeof type === "function") throw new FieldError("a query cannot hold messages in a list or map");
    parameters.push(`${encodeURIComponent(parameter)}=${encodeURIComponent(textOf(writeValue(type, each, 0)))}`);
  };
  if (kind === "map") {
    for (const [key, each] of entriesOf(value)) add(`${name}[${String(key)}]`, each);
  } else if (kind === "repeated") {
    if (!Array.isArray(value)) throw new FieldError("expected a list");
    for (const each of value) add(name, each);
  } else if (typeof type === "function") {
    addFields(type, value, `${name}.`, parameters);
  } else {
    add(name, value);
  }
}

/** Converts the JSON text of a value to text for a URL: strings lose their quotes. */
function textOf(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

/** Returns the text of a field for a path; `""` if it is not set. */
export function fieldText(fields: AnyFields, message: unknown, path: readonly string[]): string {
  const [name = "", ...rest] = path;
  const found = setFields(fields, message).find(({ field }) => field.name === name);
  if (found === undefined) return "";
  const { field, value } = found;
  if (typeof field.type === "function" && rest.length > 0) {
    const { type } = field;
    return at(name, () => fieldText(type, value, rest));
  }
  return at(name, () => textOf(writeValue(field.type, value, 0)));
}
