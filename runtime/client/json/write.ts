import { at, expected, FieldError } from "./field-error.js";
import {
  type AnyFields,
  type EnumTable,
  type FieldInfo,
  infoOf,
  isWellKnown,
  type MapKey,
  type Type,
} from "./fields.js";
import { isObject } from "./is-object.js";
import { writeScalar } from "./scalars.js";

/** A field that is set in a message, and its value. */
export interface SetField {
  readonly field: FieldInfo;
  readonly value: unknown;
}

/** The maximum nesting depth of messages, and of JSON in them. */
export const DEEPEST = 100;

/**
 * Returns the JSON text of a message. Fields that are `undefined` are left out, so they have their defaults.
 *
 * @throws FieldError if a value does not fit its field, or there is no such field
 */
export function writeMessage(fields: AnyFields, message: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new FieldError(`messages are nested more than ${DEEPEST} levels deep`);
  return `{${setFields(fields, message)
    .map(({ field, value }) => `${JSON.stringify(field.name)}:${writeField(field, value, depth)}`)
    .join(",")}}`;
}

/**
 * Returns the fields that are set in a message, in the order of its properties.
 *
 * @throws FieldError if there is no such field, or the value is not a message
 */
export function setFields(fields: AnyFields, message: unknown): SetField[] {
  if (!isObject(message)) throw expected("a message", message);
  const { properties, members } = infoOf(fields);
  return Object.keys(message).flatMap((name) => {
    const value = message[name];
    const field = properties.get(name);
    if (field === undefined && !properties.has(name)) throw new FieldError(`unknown field ${JSON.stringify(name)}`);
    if (value === undefined || (value === null && !takesNull(field))) return [];
    if (field !== undefined) return [{ field, value }];
    return at(name, () => {
      const chosen = isObject(value) ? members.get(String(value["$case"])) : undefined;
      if (chosen?.oneof !== name || !isObject(value)) throw expected("{ $case, value } with one of its members", value);
      return [{ field: chosen, value: value["value"] }];
    });
  });
}

function takesNull(field: FieldInfo | undefined): boolean {
  return field !== undefined && isWellKnown(field.type) && field.type.nullable === true;
}

/** Returns the JSON text of a field's value. */
export function writeField({ name, kind, type, key }: FieldInfo, value: unknown, depth: number): string {
  return at(name, () => {
    if (kind === "map") return writeMap(key ?? "string", type, value, depth);
    if (kind === "singular") return writeValue(type, value, depth);
    if (!Array.isArray(value)) throw expected("a list", value);
    return `[${value.map((each, i) => at(`[${i}]`, () => writeValue(type, each, depth))).join(",")}]`;
  });
}

function writeMap(key: MapKey, type: Type, value: unknown, depth: number): string {
  const entries = entriesOf(value).map(
    ([name, each]) => `${JSON.stringify(String(name))}:${at(`[${String(name)}]`, () => writeValue(type, each, depth))}`,
  );
  for (const [name] of key === "string" ? [] : entriesOf(value)) checkKey(key, name);
  return `{${entries.join(",")}}`;
}

/** Returns the entries of a map, which is an object or a `Map`. */
export function entriesOf(value: unknown): (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value.entries()];
  if (!isObject(value)) throw expected("a map", value);
  return Object.entries(value).filter(([, each]) => each !== undefined);
}

function checkKey(type: MapKey, key: unknown): void {
  const isRight = type === "bool" ? /^(true|false)$/.test(String(key)) : /^-?\d+$/.test(String(key));
  if (!isRight) throw expected(`a key of type ${type}`, key);
}

/** Returns the JSON text of one value. */
export function writeValue(type: Type, value: unknown, depth: number): string {
  if (typeof type === "string") return writeScalar(type, value);
  if (typeof type === "function") return writeMessage(type, value, depth + 1);
  if (isWellKnown(type)) return type.write(value);
  return writeEnum(type, value);
}

function writeEnum(type: EnumTable, value: unknown): string {
  if (typeof value === "number" && Number.isInteger(value)) return String(value);
  throw expected(
    `a number of the enum: one of ${Object.entries(type)
      .map(([name, number]) => `${number} (${name})`)
      .join(", ")}`,
    value,
  );
}
