import { jsonNameOf } from "../../model/json-name.js";
import { enumOf } from "../../model/lookup.js";
import type { FieldModel, Model } from "../../model/model.js";
import { importCodec, importEnum, moduleOf } from "../import-codec.js";
import { RUNTIME } from "../output-path.js";
import { callExpression, type Expression, object, string } from "../source/expression.js";
import type { SourceFile } from "../source/source-file.js";
import { isPackable } from "./wire-tag.js";

/** Writes the call that makes an entry of a message's field table. */
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
 * Writes the table of an enum. If messages have extensions, a table of another file is referred to lazily: the file of
 * a message and the files of its extensions import each other, so one of them is loaded before the tables of the other
 * exist.
 */
function enumExpression(model: Model, name: string, source: SourceFile): string {
  const table = importEnum(model, name, source);
  const isExtended = Object.values(model.messages).some(({ extensions }) => extensions.length > 0);
  const isLazy = isExtended && !source.is(moduleOf(enumOf(model, name).file));
  return isLazy ? `${source.import("lazyEnum", RUNTIME)}(() => ${table})` : table;
}

/** The options of a field that differ from the runtime's defaults. */
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
