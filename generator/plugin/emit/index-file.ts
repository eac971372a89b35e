import type { FileModel, Model, ServiceModel } from "../model/model.js";
import type { PluginOptions } from "../plugin-options.js";
import { codecModule, RUNTIME, stem } from "./output-path.js";
import { type PublicName, publicNames, SERVICES } from "./public-names.js";
import { serviceDoc } from "./rpc-doc.js";
import { docComment } from "./source/doc-comment.js";
import type { GeneratedFile } from "./source/generated-file.js";
import { LINE_WIDTH } from "./source/line-width.js";
import { SourceFile } from "./source/source-file.js";

type ExportedService = PublicName & { readonly service: ServiceModel };

/** Emits `index.ts`, which lists the services and exports everything under its {@link publicNames}. */
export function emitIndexFile(model: Model, options: PluginOptions): GeneratedFile {
  const exported = publicNames(model, options).exported.filter(
    ({ writtenBy }) => writtenBy === "ts-proto" || options.outputs.includes(writtenBy),
  );
  const source = new SourceFile(
    "index.ts",
    model.files.map((file) => file.path),
    [SERVICES],
    options,
  );
  for (const { from } of exported) source.exportAll(from);
  for (const each of exported) {
    if (each.ambiguous) source.exportName(each.name, each.as, each.from, each.typeOnly);
    if (each.inClient !== each.as) source.exportName(each.name, each.inClient, each.from, each.typeOnly);
  }
  const services = exported.flatMap(({ service, ...each }) => (service === undefined ? [] : [{ ...each, service }]));
  const hasCodecs = services.length > 0 && options.outputs.includes("codecs");
  source.add(servicesStatement(services, hasCodecs ? codecModules(model, source) : [], source));
  return source.build();
}

/** Imports the modules with codecs of messages as namespaces, because an `Any` may hold any of the messages. */
function codecModules(model: Model, source: SourceFile): readonly string[] {
  return model.files
    .filter(({ messages }) => messages.length > 0)
    .map((file) => source.importModule(`${moduleName(file)}Codecs`, codecModule(file.path)));
}

/** Makes a variable name of a file's name, in lowerCamel. */
function moduleName({ path }: FileModel): string {
  const words =
    stem(path)
      .slice(path.lastIndexOf("/") + 1)
      .match(/[A-Za-z0-9]+/g) ?? [];
  const camel = words.map((word, i) => (i === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join("");
  return /^[A-Za-z]/.test(camel) ? camel : `file${camel}`;
}

function servicesStatement(
  services: readonly ExportedService[],
  codecs: readonly string[],
  source: SourceFile,
): string {
  const members = services.map(({ as, name, from, service }) => ({ as, local: source.import(name, from), service }));
  const type = members.map(
    ({ as, local, service }) => `${docComment(serviceDoc(service), 2)}\n  readonly ${as}: typeof ${local};`,
  );
  const value = members.map(({ as, local }) => (as === local ? `  ${as},` : `  ${as}: ${local},`));
  const doc = "/** Every service, in the order of the files. */";
  if (members.length === 0) return `${doc}\nexport const ${SERVICES}: Readonly<Record<never, never>> = {};`;
  if (codecs.length === 0) return [doc, `export const ${SERVICES}: {`, ...type, "} = {", ...value, "};"].join("\n");
  const withCodecs = source.import("withCodecs", RUNTIME);
  return [
    "/** Every service, in the order of the files, with the codecs of all messages, which an `Any` may hold. */",
    `export const ${SERVICES}: {`,
    ...type,
    `} = ${withCodecs}(`,
    "  {",
    ...value.map((line) => `  ${line}`),
    "  },",
    ...listArgument(codecs),
    ");",
  ].join("\n");
}

/** Prints a list as an argument, on one line or on several. */
function listArgument(items: readonly string[]): readonly string[] {
  const line = `  [${items.join(", ")}],`;
  return line.length <= LINE_WIDTH ? [line] : ["  [", ...items.map((item) => `    ${item},`), "  ],"];
}
