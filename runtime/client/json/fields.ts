import type { JsonValue } from "./json-value.js";

/*
 * The tables that describe messages in generated clients. They are compact data, since browsers download them.
 */

/**
 * A scalar type, reduced to the types that differ in JSON: `sint32` is `int32` here, and `fixed64` is `uint64`. `null`
 * is google.protobuf.NullValue.
 */
export type Scalar =
  | "double"
  | "float"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string"
  | "bytes"
  | "null";

/** The key type of a map. */
export type MapKey = "int32" | "uint32" | "int64" | "uint64" | "bool" | "string";

/** An enum: its numbers by name. */
export type EnumTable = Readonly<Record<string, number>>;

/**
 * The fields of a message by proto name. A oneof has one entry, under its own name, in the place of its first member.
 */
export type Table = Readonly<Record<string, Field>>;

/** The table of a message. It is a function, so that messages can refer to each other, and unused ones cost nothing. */
export type Fields<Message = unknown> = () => { readonly [Name in keyof Message]-?: Field };

/** The table of a message of any type. */
export type AnyFields = () => Table;

/** A well-known message type with a JSON form of its own. */
export interface WellKnown {
  /** Returns the JSON text of a value. */
  write(value: unknown): string;
  /** Reads a value from JSON. It is called for `null` only if {@link nullable} is set. */
  read(json: JsonValue): unknown;
  /** Whether `null` is a value instead of meaning "absent". */
  readonly nullable?: true;
}

/** The type of one value. */
export type Type = Scalar | EnumTable | AnyFields | WellKnown;

/** A field: `type`, `[type]` for a list, or `[key type, type]` for a map. */
export type Field = Type | readonly [Type] | readonly [MapKey, Type] | Presence | Named | Oneof;

/** A scalar, enum or wrapper field that is `undefined` when it is absent. Message fields always are. */
export class Presence {
  readonly type: Type;
  constructor(type: Type) {
    this.type = type;
  }
}

/** A field with an explicit `json_name`. */
export class Named {
  readonly json: string;
  readonly field: Exclude<Field, Named | Oneof>;
  constructor(json: string, field: Exclude<Field, Named | Oneof>) {
    this.json = json;
    this.field = field;
  }
}

/** A oneof. Its value is `{ $case: "name", value }` for one of the members. */
export class Oneof {
  readonly members: Readonly<Record<string, Type | Named>>;
  constructor(members: Readonly<Record<string, Type | Named>>) {
    this.members = members;
  }
}

/** Declares a field that is `undefined` when it is absent: an `optional` field or a wrapper. */
export function optional(type: Type): Presence {
  return new Presence(type);
}

/** Declares a field whose JSON name is not its proto name in lowerCamelCase. */
export function named(json: string, field: Exclude<Field, Named | Oneof>): Named {
  return new Named(json, field);
}

/** Declares a oneof. */
export function oneof<const Members extends Readonly<Record<string, Type | Named>>>(members: Members): Oneof {
  return new Oneof(members);
}

/** A field in the form that the JSON reader and writer use. */
export interface FieldInfo {
  /** The proto name, which requests use. */
  readonly name: string;
  readonly kind: "singular" | "repeated" | "map";
  readonly type: Type;
  /** The key type of a map. */
  readonly key?: MapKey;
  /** Whether the field is `undefined` when it is absent. */
  readonly presence: boolean;
  /** The name of the oneof that the field belongs to. */
  readonly oneof?: string;
}

/** The evaluated table of a message. */
export interface MessageInfo {
  /** The message's properties by name, in order, each with its field. A oneof has no field. */
  readonly properties: ReadonlyMap<string, FieldInfo | undefined>;
  /** The members of oneofs by proto name. */
  readonly members: ReadonlyMap<string, FieldInfo>;
  /** All fields by the names that they can have in JSON. */
  readonly byJsonName: ReadonlyMap<string, FieldInfo>;
}

const known = new WeakMap<AnyFields, MessageInfo>();

/** Returns the evaluated table of a message. Each table is evaluated once. */
export function infoOf(fields: AnyFields): MessageInfo {
  let info = known.get(fields);
  if (info === undefined) {
    info = readTable(fields());
    known.set(fields, info);
  }
  return info;
}

function readTable(table: Table): MessageInfo {
  const properties = new Map<string, FieldInfo | undefined>();
  const members = new Map<string, FieldInfo>();
  const byJsonName = new Map<string, FieldInfo>();
  const add = (name: string, given: Exclude<Field, Oneof>, oneof?: string): FieldInfo => {
    const [json, field] = given instanceof Named ? [given.json, given.field] : [lowerCamel(name), given];
    const info: FieldInfo = { name, ...shapeOf(field), ...(oneof !== undefined && { presence: true, oneof }) };
    byJsonName.set(json, info);
    return info;
  };
  for (const [name, field] of Object.entries(table)) {
    if (field instanceof Oneof) {
      properties.set(name, undefined);
      for (const [member, type] of Object.entries(field.members)) members.set(member, add(member, type, name));
    } else {
      properties.set(name, add(name, field));
    }
  }
  // The proto name of a field is never the JSON name of another: protoc refuses that.
  for (const field of [...byJsonName.values()]) byJsonName.set(field.name, field);
  return { properties, members, byJsonName };
}

function shapeOf(field: Exclude<Field, Named | Oneof>): Pick<FieldInfo, "kind" | "type" | "key" | "presence"> {
  if (field instanceof Presence) return { kind: "singular", type: field.type, presence: true };
  if (!isList(field)) {
    return { kind: "singular", type: field, presence: typeof field === "function" || isWellKnown(field) };
  }
  return field.length === 1
    ? { kind: "repeated", type: field[0], presence: false }
    : { kind: "map", type: field[1], key: field[0], presence: false };
}

function isList(
  field: Type | readonly [Type] | readonly [MapKey, Type],
): field is readonly [Type] | readonly [MapKey, Type] {
  return Array.isArray(field);
}

/** Whether a type is a well-known message type with a JSON form of its own. */
export function isWellKnown(type: Type): type is WellKnown {
  return typeof type === "object" && typeof type["write"] === "function";
}

/** Returns the default JSON name of a field, as protoc derives it. */
function lowerCamel(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
