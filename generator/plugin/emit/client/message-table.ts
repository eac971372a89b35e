import { jsonNameOf } from "../../model/json-name.js";
import { jsonScalar } from "../../model/json-scalar.js";
import type { FieldModel, MessageModel, ScalarType } from "../../model/model.js";
import { HTTP_BODY, type WellKnownName, wellKnownName, wrappedScalar } from "../../model/well-known.js";
import { CLIENT_RUNTIME } from "../output-path.js";
import { type ObjectExpression, type Property, print, propertyName, string } from "../source/expression.js";
import type { SourceFile } from "../source/source-file.js";

/** The names of the messages and enums of an API in the client file. */
export interface ClientNames {
  /** The constants with the tables of messages, by the full names of the messages. */
  readonly tables: ReadonlyMap<string, string>;
  /** The types of messages and enums, by their full names. An enum is also a constant of that name. */
  readonly types: ReadonlyMap<string, string>;
}

/** The names of the tables of well-known types in the runtime. `Empty` has a generated table. */
const WELL_KNOWN: Readonly<Record<WellKnownName, string | undefined>> = {
  Any: "Json",
  Duration: "Duration",
  Empty: undefined,
  FieldMask: "FieldMask",
  ListValue: "Json",
  Struct: "Json",
  Timestamp: "Timestamp",
  Value: "JsonOrNull",
};

/** Returns the name of a message's table in the runtime, if it is there. */
function runtimeTable(message: string): string | undefined {
  if (message === HTTP_BODY) return "HttpBody";
  const name = wellKnownName(message);
  return name === undefined ? undefined : WELL_KNOWN[name];
}

/** Writes the tables of messages. */
export class MessageTables {
  readonly #names: ClientNames;
  readonly #source: SourceFile;

  constructor(names: ClientNames, source: SourceFile) {
    this.#names = names;
    this.#source = source;
  }

  /** The function that returns the table of a message. */
  table({ fields }: MessageModel): string {
    if (fields.length === 0) return "() => ({})";
    const properties: Property[] = [];
    for (const field of fields) {
      if (field.oneof === undefined) {
        properties.push({ name: field.name, value: this.#field(field), doc: "" });
      } else if (!properties.some(({ name }) => name === field.oneof)) {
        properties.push({ name: field.oneof, value: this.#oneof(fields, field.oneof), doc: "" });
      }
    }
    const table: ObjectExpression = { kind: "object", properties, expanded: true };
    return `() => (${print(table, 0, 0, 1)})`;
  }

  /** The table of a message that is not the type of a field, for example a whole request. */
  ofMessage(name: string): string {
    const scalar = wrappedScalar(name);
    return scalar === undefined ? this.#message(name) : scalarText(scalar);
  }

  #field(field: FieldModel): string {
    const { cardinality, mapKey, type } = field;
    const value = this.#value(field);
    if (cardinality === "repeated") return this.#named(field, `[${value}]`);
    if (cardinality === "map") return this.#named(field, `[${scalarText(mapKey ?? "string")}, ${value}]`);
    const isWrapper = type.kind === "message" && wrappedScalar(type.name) !== undefined;
    const isOptional = isWrapper || (type.kind !== "message" && field.explicitPresence);
    return this.#named(field, isOptional ? `${this.#runtime("optional")}(${value})` : value);
  }

  #oneof(fields: readonly FieldModel[], name: string): string {
    const members = fields
      .filter(({ oneof }) => oneof === name)
      .map((field) => `    ${propertyName(field.name)}: ${this.#named(field, this.#value(field))},\n`);
    return `${this.#runtime("oneof")}({\n${members.join("")}  })`;
  }

  #named({ name, jsonName }: FieldModel, value: string): string {
    return jsonName === jsonNameOf(name) ? value : `${this.#runtime("named")}(${string(jsonName)}, ${value})`;
  }

  #value({ type }: FieldModel): string {
    switch (type.kind) {
      case "scalar":
        return scalarText(type.scalar);
      case "enum":
        return this.#names.types.get(type.name) ?? string("null");
      case "message":
        return this.ofMessage(type.name);
    }
  }

  #message(name: string): string {
    const known = runtimeTable(name);
    return known === undefined ? (this.#names.tables.get(name) ?? "") : this.#runtime(known);
  }

  #runtime(name: string): string {
    return this.#source.import(name, CLIENT_RUNTIME);
  }
}

function scalarText(scalar: ScalarType): string {
  return string(jsonScalar(scalar));
}
