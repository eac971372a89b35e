import { at, expected } from "./field-error.js";
import {
  type AnyFields,
  type EnumTable,
  type FieldInfo,
  type Fields,
  infoOf,
  isWellKnown,
  type Type,
} from "./fields.js";
import { isObject } from "./is-object.js";
import type { JsonValue } from "./json-value.js";
import { defaultOf, isKeyedByValue, readKey, readScalar } from "./scalars.js";

/**
 * Reads a message from JSON. The result has all fields of ts-proto's type. Unknown fields are ignored, since the server
 * may be newer.
 *
 * @param text whether bytes that are valid UTF-8 become strings
 * @throws FieldError if a value does not fit its field
 */
export function readMessage(fields: AnyFields, json: JsonValue, text: boolean): Record<string, unknown> {
  if (!isObject(json)) throw expected("an object", json);
  const { properties, byJsonName } = infoOf(fields);
  const message: Record<string, unknown> = {};
  for (const [name, field] of properties) set(message, name, field && absent(field, text));
  for (const name of Object.keys(json)) {
    const field = byJsonName.get(name);
    const value = json[name];
    if (field === undefined || value === undefined || (value === null && !takesNull(field.type))) continue;
    const read = at(field.name, () => readField(field, value, text));
    if (field.oneof === undefined) set(message, field.name, read);
    else set(message, field.oneof, { $case: field.name, value: read });
  }
  return message;
}

/**
 * Reads a message from JSON like {@link readMessage}, with bytes as a `Uint8Array`.
 *
 * @throws FieldError if a value does not fit its field
 */
export function readTyped<Message>(fields: Fields<Message>, json: JsonValue): Message {
  // The compiler checks the field names of the table. test/client/errors/rpc-error.test.ts checks their types.
  return readMessage(fields, json, false) as Message;
}

function takesNull(type: Type): boolean {
  return type === "null" || (isWellKnown(type) && type.nullable === true);
}

/** Returns the value of an absent field. */
function absent({ kind, type, key, presence }: FieldInfo, text: boolean): unknown {
  if (kind === "repeated") return [];
  if (kind === "map") return isKeyedByValue(key ?? "string") ? new Map() : {};
  if (presence) return undefined;
  return typeof type === "string" ? defaultOf(type, text) : firstNumber(type);
}

/** Returns the first number of an enum. In proto2 it may differ from 0. */
function firstNumber(type: Type): unknown {
  return Object.values(type)[0] ?? 0;
}

/** Reads the value of a field. */
function readField({ kind, type, key = "string" }: FieldInfo, json: JsonValue, text: boolean): unknown {
  if (kind === "singular") return readValue(type, json, text);
  if (kind === "repeated") {
    if (!Array.isArray(json)) throw expected("a list", json);
    return json.map((each: JsonValue, i) => at(`[${i}]`, () => readValue(type, each, text)));
  }
  if (!isObject(json)) throw expected("an object", json);
  const entries = Object.entries(json).map(
    ([name, each]) => [readKey(key, name), at(`[${name}]`, () => readValue(type, each, text))] as const,
  );
  if (isKeyedByValue(key)) return new Map(entries);
  const map: Record<string, unknown> = {};
  for (const [name, each] of entries) set(map, String(name), each);
  return map;
}

/** Reads one value of a type. */
export function readValue(type: Type, json: JsonValue, text: boolean): unknown {
  if (typeof type === "string") return readScalar(type, json, text);
  if (typeof type === "function") return readMessage(type, json, text);
  if (isWellKnown(type)) return type.read(json);
  return readEnum(type, json);
}

function readEnum(type: EnumTable, json: JsonValue): number {
  if (typeof json === "number") return json;
  const number = typeof json === "string" && Object.hasOwn(type, json) ? type[json] : undefined;
  if (number === undefined) throw expected(`one of ${Object.keys(type).join(", ")}`, json);
  return number;
}

/** Sets a property, even if its name is `__proto__`. */
function set(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}
