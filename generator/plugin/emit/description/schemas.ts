import type { JsonObject } from "../../model/json.js";
import { jsonScalar } from "../../model/json-scalar.js";
import type { EnumModel, FieldModel, MessageModel, Model, ValueType } from "../../model/model.js";
import { ANY, isFreeForm, isSingleValue } from "../../model/well-known.js";
import type { JsonNames } from "../../plugin-options.js";
import { enumText, fieldText, isInputOnly, isOutputOnly, isRequired, resourceText } from "./field-text.js";
import { codeList, description, joinParagraphs, paragraphs } from "./prose.js";
import { docsKeywords } from "./schema-docs.js";
import type { SchemaMarks, SchemaSyntax, SchemaUse } from "./schema-syntax.js";
import { singleValueSchema, structureSchema } from "./well-known-schema.js";

/** The message of errors. */
export const STATUS = "google.rpc.Status";

/** The members that errors of all dialects have in common. */
export const ERROR_MEMBERS = {
  code: { type: "integer", format: "int32", description: "The gRPC status code." },
  message: { type: "string", description: "What is wrong." },
} as const;

/** The name of a field in written JSON, and so in descriptions. */
export function jsonName(field: FieldModel, names: JsonNames): string {
  return names === "json" ? field.jsonName : field.name;
}

/** Makes the JSON schemas of messages, and records which of them are referred to. */
export class Schemas {
  readonly #model: Model;
  readonly #syntax: SchemaSyntax;
  readonly #names: JsonNames;
  /** Messages that occur in no response. */
  readonly #requestOnly: ReadonlySet<string>;
  readonly #referred = new Set<string>();

  constructor(model: Model, syntax: SchemaSyntax, names: JsonNames, requestOnly: ReadonlySet<string>) {
    this.#model = model;
    this.#syntax = syntax;
    this.#names = names;
    this.#requestOnly = requestOnly;
  }

  /**
   * The schema of a message at the place of its use: a reference, or the schema itself if its JSON is a single value.
   */
  message(name: string, use: SchemaUse): JsonObject {
    return singleValueSchema(name, use, this.#syntax) ?? this.#reference(name);
  }

  /** The schema of a body that is a message without some of its fields. */
  body(name: string, use: SchemaUse, without: ReadonlySet<string>): JsonObject {
    const fields = this.#model.messages[name]?.fields ?? [];
    return fields.some((field) => without.has(field.name)) ? this.object(name, use, without) : this.message(name, use);
  }

  /** Returns the field at the end of a path of proto names that starts in a message. */
  fieldAt(name: string, [first, ...rest]: readonly string[]): FieldModel | undefined {
    const field = this.#model.messages[name]?.fields.find((candidate) => candidate.name === first);
    if (rest.length === 0) return field;
    return field?.type.kind === "message" ? this.fieldAt(field.type.name, rest) : undefined;
  }

  /** Turns a path of proto names that starts in a message into JSON names. */
  namesTo(name: string, path: readonly string[]): readonly string[] {
    return path.map((step, index) => {
      const field = this.fieldAt(name, path.slice(0, index + 1));
      return field === undefined ? step : jsonName(field, this.#names);
    });
  }

  /** The schema of a field, including its list or map. */
  field(field: FieldModel, use: SchemaUse): JsonObject {
    const value = this.#value(field.type, use);
    if (field.cardinality === "repeated") return { type: "array", items: value };
    if (field.cardinality === "singular" || field.mapKey === undefined) return value;
    return { type: "object", ...this.#syntax.mapExtras(jsonScalar(field.mapKey)), additionalProperties: value };
  }

  /** The schema of a field that is a whole response body. A field with presence can be `null`. */
  fieldAlone(field: FieldModel): JsonObject {
    const schema = this.field(field, "response");
    return isNullable(field) ? this.#syntax.orNothing(schema) : schema;
  }

  /**
   * The schema of a message as an object. Fields in `without` are left out, since they are not in the body. If only
   * requests contain the message, fields that occur only in responses are left out too.
   */
  object(name: string, use: SchemaUse, without: ReadonlySet<string> = new Set()): JsonObject {
    const message = this.#model.messages[name];
    const fields = fieldsOf(message).filter(
      (field) => !without.has(field.name) && !(use === "request" && isOutputOnly(field)),
    );
    const oneofs = this.#oneofsOf(fields);
    const required = fields
      .filter((field) => isRequired(field) || isListed(field, message))
      .map((field) => jsonName(field, this.#names));
    const properties = fields.map((field) => [jsonName(field, this.#names), this.#property(field, use)] as const);
    return {
      type: "object",
      ...this.#about(
        joinParagraphs(
          message?.docs?.description ?? paragraphs(message?.comment ?? ""),
          message === undefined ? "" : resourceText(message),
          ...oneofs.map(atMostOne),
        ),
        {
          deprecated: message?.deprecated ?? false,
        },
      ),
      ...docsKeywords(message?.docs),
      ...(required.length === 0 ? {} : { required }),
      ...(fields.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...this.#syntax.exclusive(oneofs),
    };
  }

  /** The schemas of all messages and enums that were referred to, directly or indirectly, by component name. */
  components(): JsonObject {
    const made = new Map<string, JsonObject>();
    // The iteration also visits the members that are added to the set meanwhile.
    for (const name of this.#referred) made.set(this.#syntax.componentName(name), this.#component(name));
    return Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #component(name: string): JsonObject {
    if (name === STATUS) return this.#status();
    const structure = structureSchema(name);
    if (structure !== undefined) return structure;
    const type = this.#model.enums[name];
    return type === undefined
      ? this.object(name, this.#requestOnly.has(name) ? "request" : "response")
      : this.#enum(type);
  }

  #status(): JsonObject {
    return {
      type: "object",
      description: "An error.",
      required: ["code", "message"],
      properties: {
        ...ERROR_MEMBERS,
        details: {
          type: "array",
          items: this.#reference(ANY),
          description: "More about it; absent if there is nothing more.",
        },
      },
    };
  }

  #enum(type: EnumModel): JsonObject {
    return {
      type: "string",
      ...this.#about(enumText(type), type),
      ...docsKeywords(type.docs),
      enum: type.values.map((value) => value.name),
      ...this.#syntax.enumExtras(type),
    };
  }

  #property(field: FieldModel, use: SchemaUse): JsonObject {
    return {
      ...this.field(field, use),
      ...this.#about(fieldText(field), {
        deprecated: field.deprecated,
        readOnly: isOutputOnly(field),
        writeOnly: isInputOnly(field),
      }),
      ...docsKeywords(field.docs),
    };
  }

  #about(text: string, marks: SchemaMarks): JsonObject {
    return { ...description(joinParagraphs(text, this.#syntax.markText(marks))), ...this.#syntax.marks(marks) };
  }

  #value(type: ValueType, use: SchemaUse): JsonObject {
    if (type.kind === "scalar") return this.#syntax.scalar(jsonScalar(type.scalar), use);
    return this.message(type.name, use);
  }

  /** The JSON names of the members of each oneof with more than one member. */
  #oneofsOf(fields: readonly FieldModel[]): readonly (readonly string[])[] {
    const groups = new Map<string, string[]>();
    for (const field of fields) {
      if (field.oneof === undefined) continue;
      groups.set(field.oneof, [...(groups.get(field.oneof) ?? []), jsonName(field, this.#names)]);
    }
    return [...groups.values()].filter((members) => members.length > 1);
  }

  #reference(name: string): JsonObject {
    this.#referred.add(name);
    return { $ref: this.#syntax.referencePrefix + this.#syntax.componentName(name) };
  }
}

function isNullable({ cardinality, type, explicitPresence }: FieldModel): boolean {
  if (cardinality !== "singular" || !explicitPresence) return false;
  return type.kind !== "message" || isSingleValue(type.name) || isFreeForm(type.name);
}

/** Whether the options of a message list a field as required. */
function isListed({ name, jsonName }: FieldModel, message: MessageModel | undefined): boolean {
  return message?.docs?.required?.some((listed) => listed === name || listed === jsonName) ?? false;
}

function atMostOne(members: readonly string[]): string {
  return `At most one of ${codeList(members)} is set.`;
}

/** All messages that can be reached from the given ones, including these. */
export function reachedFrom(roots: Iterable<string>, model: Model): ReadonlySet<string> {
  const reached = new Set(roots);
  for (const name of reached) {
    for (const { type } of fieldsOf(model.messages[name])) if (type.kind === "message") reached.add(type.name);
  }
  return reached;
}

/** The fields of a message, followed by its extensions. */
function fieldsOf(message: MessageModel | undefined): readonly FieldModel[] {
  return message === undefined ? [] : [...message.fields, ...message.extensions];
}
