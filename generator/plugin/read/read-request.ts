import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Model } from "../model/model.js";
import { RULE_FILES } from "../model/well-known.js";
import type { PluginOptions } from "../options.js";
import type { Diagnostics } from "./diagnostics.js";
import { readEnum } from "./enum.js";
import { extensionsByMessage } from "./extensions.js";
import { readFile } from "./file.js";
import { readMessage } from "./message.js";
import { neededFiles } from "./needed-files.js";
import { reachableTypes } from "./reachable-types.js";
import { RouteTable } from "./route-table.js";
import { servedServices } from "./served-services.js";
import { checkDefinitions, checkTypeNames } from "./type-names.js";

/**
 * Reads the descriptors of a request into the model. Mistakes of the user's are collected in `diagnostics`; what they
 * concern is left out of the model, so that the rest can be looked through too.
 */
export function readRequest(request: CodeGeneratorRequest, options: PluginOptions, diagnostics: Diagnostics): Model {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  const asked = request.fileToGenerate
    .filter((path) => !RULE_FILES.has(path))
    .map((path) => registry.getFile(path))
    .filter((file): file is DescFile => file !== undefined);
  const known = request.protoFile.flatMap(({ name }) => registry.getFile(name) ?? []);
  const isServed = servedServices(options.services, asked, known, diagnostics);
  const serving = known.filter((file) => file.services.some(isServed));
  const needed = neededFiles([...asked, ...serving], isServed);
  // What others need comes first: in index.ts a later file's name stays as it is.
  const files = [...known.filter((file) => needed.has(file) && !asked.includes(file)), ...asked].filter((file) =>
    needed.has(file),
  );
  const context = { registry, options, diagnostics, routes: new RouteTable(diagnostics), isServed };
  const extensions = extensionsByMessage(files);
  const types = reachableTypes(files, extensions, isServed);
  for (const file of files) checkTypeNames(file, options, diagnostics);
  if (options.definitions === "ts-proto") {
    for (const service of files.flatMap((file) => file.services)) checkDefinitions(service.methods, diagnostics);
  }
  return {
    files: files.map((file) => readFile(file, context)),
    messages: Object.fromEntries(
      [...types.messages].map(([name, desc]) => [name, readMessage(desc, extensions.get(name) ?? [], options)]),
    ),
    enums: Object.fromEntries([...types.enums].map(([name, desc]) => [name, readEnum(desc, options)])),
  };
}
