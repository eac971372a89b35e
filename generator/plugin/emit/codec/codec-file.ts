import { enumOf, messageOf } from "../../model/lookup.js";
import type { EnumModel, FieldModel, FileModel, MessageModel, Model } from "../../model/model.js";
import type { PluginOptions } from "../../plugin-options.js";
import { codecName, enumName } from "../import-codec.js";
import { RUNTIME, stem } from "../output-path.js";
import { docComment } from "../source/doc-comment.js";
import { object, print, propertyName, string } from "../source/expression.js";
import type { GeneratedFile } from "../source/generated-file.js";
import { SourceFile } from "../source/source-file.js";
import { fieldExpression } from "./codec-field.js";
import { toJsonLocals, toJsonMethod } from "./codec-to-json.js";

/** The tag that makes editors strike a name through. */
const DEPRECATED = "@deprecated";

/**
 * Emits the file with the JSON codecs of a file's messages and the tables of its enums. Returns `undefined` if it
 * declares none. Each message has a table of its fields and a function that writes its wire bytes as JSON.
 */
export function emitCodecFile(model: Model, file: FileModel, options: PluginOptions): GeneratedFile | undefined {
  const enums = file.enums.map((name) => enumOf(model, name));
  const messages = file.messages.map((name) => messageOf(model, name));
  if (enums.length + messages.length === 0) return undefined;
  const exported = [...enums.map(enumName), ...messages.map(codecName)];
  const reserved = new Set([...exported, ...messages.flatMap((each) => toJsonLocals(transcodedFields(each)))]);
  const tables = tableNames(messages, reserved);
  const declared = [...reserved, ...tables.values()];
  const source = new SourceFile(`${stem(file.path)}.codec.ts`, [file.path], declared, options);
  for (const each of enums) source.add(enumDeclaration(each, source));
  for (const each of messages) {
    const table = tables.get(each.name) ?? "";
    if (transcodedFields(each).length > 0) source.add(tableDeclaration(each, table, model, source));
    source.add(codecDeclaration(each, table, source, options));
  }
  return source.build();
}

/** The names of the field tables: that of the message, unless an export or a local variable already has this name. */
function tableNames(messages: readonly MessageModel[], reserved: ReadonlySet<string>): ReadonlyMap<string, string> {
  const own = messages.map(({ localName }) => localName);
  const taken = new Set([...reserved, ...own]);
  return new Map(
    messages.map(({ name, localName }) => {
      let table = localName;
      while (table === localName ? reserved.has(table) : taken.has(table)) table += "_";
      taken.add(table);
      return [name, table];
    }),
  );
}

function enumDeclaration(each: EnumModel, source: SourceFile): string {
  const values = each.values.map(({ name, number, deprecated }) => ({
    name,
    value: String(number),
    doc: deprecated ? DEPRECATED : "",
  }));
  const spec = object({
    name: string(each.name),
    closed: each.closed ? "true" : undefined,
    values: { kind: "object", properties: values, expanded: true },
  });
  const declaration = `export const ${enumName(each)}: ${source.importType("EnumTable", RUNTIME)} = `;
  const call = `${source.import("enumTable", RUNTIME)}(${print(spec, 0, declaration.length, 1)})`;
  return `${docComment(withMark(`The values of \`${each.name}\`.`, each), 0)}\n${declaration}${call};`;
}

function tableDeclaration(message: MessageModel, table: string, model: Model, source: SourceFile): string {
  const lines = transcodedFields(message).map(
    (field) =>
      `${field.deprecated ? `${docComment(DEPRECATED, 2)}\n` : ""}  ` +
      `${propertyName(field.name)}: ${fieldExpression(field, model, source)},`,
  );
  return `const ${table} = {\n${lines.join("\n")}\n};`;
}

function codecDeclaration(
  message: MessageModel,
  table: string,
  source: SourceFile,
  { jsonNames, defaults }: PluginOptions,
): string {
  const doc = withMark(`Transcodes \`${message.name}\`.`, message);
  const type = source.importType("MessageCodec", RUNTIME);
  const make = source.import("messageCodec", RUNTIME);
  const fields = transcodedFields(message);
  const names = jsonNames === "json" && fields.length > 0 ? '\n  names: "json",' : "";
  const whole = defaults === "write" && fields.length > 0;
  return `${docComment(doc, 0)}
export const ${codecName(message)}: ${type} = ${make}({
  name: ${string(message.name)},
  fields: ${fields.length === 0 ? "{}" : table},${names}${whole ? '\n  defaults: "write",' : ""}
${toJsonMethod(fields, table, whole)}
});`;
}

/** Adds a `@deprecated` tag to the text of a deprecated element. */
function withMark(text: string, { deprecated }: { readonly deprecated: boolean }): string {
  return deprecated ? `${text}\n\n${DEPRECATED}` : text;
}

/** The fields and the extensions of a message. JSON treats both in the same way. */
function transcodedFields(message: MessageModel): readonly FieldModel[] {
  return [...message.fields, ...message.extensions];
}
