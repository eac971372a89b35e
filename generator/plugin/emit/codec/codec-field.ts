import { enumOf } from "../../model/lookup.js";
import type { FieldModel, Model } from "../../model/model.js";
import { importCodec, importEnum, moduleOf } from "../import-codec.js";
import { RUNTIME } from "../output-path.js";
import { callExpression, type Expression, object, string } from "../source/expression.js";
import type { SourceFile } from "../source/source-file.js";
import { isPackable } from "./wire-tag.js";

/** The call that makes an entry of a message's field table. */
export function fieldExpression(field: FieldModel, model: Model, source: SourceFile): string {
  const builder = { singular: "field", repeated: "repeated", map: "map" }[field.cardinality];
  const args = [
    String(field.number),
    string(field.name),
    ...(field.mapKey === undefined ? [] : [string(field.mapKey)]),
    typeExpression(field, model, source),
  ];
  return callExpression(source.import(builder, RUNTIME), args, 2, `  ${field.name}: `.length, options(field));
}

function typeExpression({ type }: FieldModel, model: Model, source: SourceFile): string {
  switch (type.kind) {
    case "scalar":
      return string(type.scalar);
    case "enum":
      return enumExpression(model, type.name, source);
    case "message":
      return `() => ${importCodec(model, type.name, source)}`;
  }
}

/**
 * The table of an enum. One of another file is named lazily if messages are extended: a message's file then uses those
 * of its extensions' files, which use it too, and so one of them is loaded before the other's tables are there.
 */
function enumExpression(model: Model, name: string, source: SourceFile): string {
  const table = importEnum(model, name, source);
  const isExtended = Object.values(model.messages).some(({ extensions }) => extensions.length > 0);
  const isLazy = isExtended && !source.is(moduleOf(enumOf(model, name).file));
  return isLazy ? `${source.import("lazyEnum", RUNTIME)}(() => ${table})` : table;
}

/** What the runtime would not assume of the field. */
function options(field: FieldModel): Expression | undefined {
  const isMessage = field.type.kind === "message";
  const flags = {
    jsonName: field.jsonName === jsonNameOf(field.name) ? undefined : string(field.jsonName),
    oneof: field.oneof === undefined ? undefined : string(field.oneof),
    explicit: field.explicitPresence && !field.required && field.oneof === undefined && !isMessage ? "true" : undefined,
    required: field.required ? "true" : undefined,
    packed: isPackable(field) && !field.packed ? "false" : undefined,
    delimited: field.type.kind === "message" && field.type.delimited ? "true" : undefined,
  };
  return Object.values(flags).every((value) => value === undefined) ? undefined : object(flags);
}

/** The JSON name of a field without a `json_name`, as protoc makes it. */
function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
