import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Model } from "../model/model.js";
import { isNeverGenerated } from "../model/well-known.js";
import { checkImports } from "./check-imports.js";
import type { Diagnostics } from "./diagnostics.js";
import { readEnum } from "./enum.js";
import { extensionsByMessage } from "./extensions.js";
import { readFile } from "./file.js";
import { readMessage } from "./message.js";
import { reachableTypes } from "./reachable-types.js";
import { RouteTable } from "./route-table.js";
import { servedServices } from "./served-services.js";

/**
 * Reads the descriptors of a request into the model. Mistakes of the user's are collected in `diagnostics`; what they
 * concern is left out of the model, so that the rest can be looked through too.
 *
 * @param services full names of the services to serve, or of their packages; all of them if empty
 */
export function readRequest(
  request: CodeGeneratorRequest,
  diagnostics: Diagnostics,
  services: readonly string[] = [],
): Model {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  const files = request.fileToGenerate
    .filter((path) => !isNeverGenerated(path))
    .map((path) => registry.getFile(path))
    .filter((file): file is DescFile => file !== undefined);
  const isServed = servedServices(services, files, diagnostics);
  const context = { registry, diagnostics, routes: new RouteTable(diagnostics), isServed };
  const extensions = extensionsByMessage(files);
  const types = reachableTypes(files, extensions);
  checkImports(files, diagnostics);
  return {
    files: files.map((file) => readFile(file, context)),
    messages: Object.fromEntries(
      [...types.messages].map(([name, desc]) => [name, readMessage(desc, extensions.get(name) ?? [])]),
    ),
    enums: Object.fromEntries([...types.enums].map(([name, desc]) => [name, readEnum(desc)])),
  };
}
