import type { JsonValue } from "./json-value.js";

/*
 * The tables of messages that generated clients have: plain data in as few words as possible, since they travel to
 * browsers.
 */

/** A scalar type, as far as its JSON differs: `sint32` is an `int32` here, and `fixed64` a `uint64`. `null`: google.protobuf.NullValue. */
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

/** The type of the keys of a map. */
export type MapKey = "int32" | "uint32" | "int64" | "uint64" | "bool" | "string";

/** The numbers of an enum by their names. */
export type EnumTable = Readonly<Record<string, number>>;

/** The fields of a message by their proto names; a oneof stands where its first member does, under its own name. */
export type Table = Readonly<Record<string, Field>>;

/** The table of a message: a function, so that messages can have fields of each other's types, and unused ones cost nothing. */
export type Fields<Message = unknown> = () => { readonly [Name in keyof Message]-?: Field };

/** A message of any type. */
export type AnyFields = () => Table;

/** A message whose JSON is not that of its fields. */
export interface WellKnown {
  /** The JSON text of a value. */
  write(value: unknown): string;
  /** The value that JSON is; only called for `null` if {@link nullable}. */
  read(json: JsonValue): unknown;
  /** Whether `null` is a value rather than absence. */
  readonly nullable?: true;
}

/** The type of one value. */
export type Type = Scalar | EnumTable | AnyFields | WellKnown;

/** A field: its type, in brackets for a list, behind the type of its keys for a map. */
export type Field = Type | readonly [Type] | readonly [MapKey, Type] | Presence | Named | Oneof;

/** A field that is `undefined` when it is absent, as messages are anyway. */
export class Presence {
  readonly type: Type;
  constructor(type: Type) {
    this.type = type;
  }
}

/** A field with a `json_name` of its own. */
export class Named {
  readonly json: string;
  readonly field: Exclude<Field, Named | Oneof>;
  constructor(json: string, field: Exclude<Field, Named | Oneof>) {
    this.json = json;
    this.field = field;
  }
}

/** A oneof: `{ $case: "name", value }` of one of these. */
export class Oneof {
  readonly members: Readonly<Record<string, Type | Named>>;
  constructor(members: Readonly<Record<string, Type | Named>>) {
    this.members = members;
  }
}

/** A field that is `undefined` when it is absent: an `optional` one, or a wrapper. */
export function optional(type: Type): Presence {
  return new Presence(type);
}

/** A field whose JSON name is not its proto name in lowerCamel. */
export function named(json: string, field: Exclude<Field, Named | Oneof>): Named {
  return new Named(json, field);
}

/** The members of a oneof. */
export function oneof<const Members extends Readonly<Record<string, Type | Named>>>(members: Members): Oneof {
  return new Oneof(members);
}

/** A field as JSON is read and written by it. */
export interface FieldInfo {
  /** Its proto name, which is what it is called in requests. */
  readonly name: string;
  readonly kind: "singular" | "repeated" | "map";
  readonly type: Type;
  /** The type of the keys of a map. */
  readonly key?: MapKey;
  /** Whether it is `undefined` when it is absent. */
  readonly presence: boolean;
  /** The oneof that it is a member of. */
  readonly oneof?: string;
}

/** What a table comes to. */
export interface MessageInfo {
  /** The names of a message's properties, in their order, with the field that each is; a oneof has none. */
  readonly properties: ReadonlyMap<string, FieldInfo | undefined>;
  /** The members of oneofs by their proto names. */
  readonly members: ReadonlyMap<string, FieldInfo>;
  /** All fields by the names that JSON may give them. */
  readonly byJsonName: ReadonlyMap<string, FieldInfo>;
}

const known = new WeakMap<AnyFields, MessageInfo>();

/** What is known of a message, once its table was looked at. */
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
  // A field's own name is never another's JSON name: protoc refuses that.
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

/** Whether a type is a message whose JSON is not that of its fields. */
export function isWellKnown(type: Type): type is WellKnown {
  return typeof type === "object" && typeof type["write"] === "function";
}

/** The JSON name of a field without a `json_name`, as protoc makes it. */
function lowerCamel(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
