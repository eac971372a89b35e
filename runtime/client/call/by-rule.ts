import { utf8 } from "../json/bytes.js";
import { expected } from "../json/field-error.js";
import { type AnyFields, infoOf } from "../json/fields.js";
import { HttpBody } from "../json/http-body.js";
import { setFields, writeField, writeMessage, writeValue } from "../json/write.js";
import { expandPath, variablesOf } from "../url/expand-path.js";
import { fieldText, queryOf } from "../url/query.js";
import type { Binding, BoundParts, MessageType } from "./client-rpc.js";

/** Binds a message to any rule. Parts of the message go into the path and the query. */
export function byRule(request: MessageType, { method, path: template, body }: Binding, message: unknown): BoundParts {
  const verb = method === "*" ? "POST" : method;
  if (typeof request !== "function") {
    return { method: verb, path: template, body: body === undefined ? undefined : writeValue(request, message, 0) };
  }
  const variables = variablesOf(template).map((variable) => variable.split("."));
  const path = expandPath(template, (variable) => fieldText(request, message, variable.split(".")));
  // Fields in the path are not repeated elsewhere: in the body of a PATCH they would look like changes.
  const rest = variables.reduce((each, variable) => without(request, each, variable), message);
  if (body === "*") return { method: verb, path, ...wholeBody(request, rest) };
  const query = queryOf(request, body === undefined ? rest : without(request, rest, [body]));
  const target = query === "" ? path : `${path}?${query}`;
  if (body === undefined) return { method: verb, path: target };
  const found = setFields(request, rest).find(({ field }) => field.name === body);
  if (found === undefined) return { method: verb, path: target };
  const { field, value } = found;
  if (field.type === HttpBody && field.kind === "singular") return { method: verb, path: target, ...rawBody(value) };
  return { method: verb, path: target, body: writeField(field, value, 0) };
}

function wholeBody(fields: AnyFields, message: unknown): Pick<BoundParts, "body" | "contentType"> {
  return fields === HttpBody ? rawBody(message) : { body: writeMessage(fields, message) };
}

function rawBody(message: unknown): Pick<BoundParts, "body" | "contentType"> {
  if (typeof message !== "object" || message === null) throw expected("a body", message);
  const data = "data" in message ? message.data : undefined;
  const contentType = "content_type" in message ? message.content_type : undefined;
  const bytes = typeof data === "string" ? utf8(data) : (data ?? new Uint8Array(0));
  if (!(bytes instanceof Uint8Array)) throw expected("data of bytes or a string", bytes);
  return {
    body: bytes,
    contentType: typeof contentType === "string" && contentType !== "" ? contentType : "application/octet-stream",
  };
}

/** Returns a copy of the message without one field. The field is named by its path of proto names. */
function without(fields: AnyFields, message: unknown, [name = "", ...rest]: readonly string[]): unknown {
  const { properties, members } = infoOf(fields);
  const field = members.get(name) ?? properties.get(name);
  const property = field?.oneof ?? name;
  if (typeof message !== "object" || message === null || !Object.hasOwn(message, property)) return message;
  const { [property]: value, ...others } = { ...message } as Record<string, unknown>;
  const isMember = field?.oneof !== undefined;
  if (isMember && !(isChoice(value) && value.$case === name)) return message;
  const inner = isMember && isChoice(value) ? value.value : value;
  if (rest.length === 0 || typeof field?.type !== "function") return others;
  const left = without(field.type, inner, rest);
  return { ...others, [property]: isMember ? { $case: name, value: left } : left };
}

function isChoice(value: unknown): value is { readonly $case: unknown; readonly value: unknown } {
  return typeof value === "object" && value !== null && "$case" in value && "value" in value;
}
