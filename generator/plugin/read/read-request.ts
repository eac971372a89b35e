import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { FileModel, Model } from "../model/model.js";
import { RULE_FILES } from "../model/well-known.js";
import type { PluginOptions } from "../plugin-options.js";
import type { Diagnostics } from "./diagnostics.js";
import { Annotations } from "./options/annotations.js";
import { HttpRules } from "./rules/http-rules.js";
import { readServiceConfigurations } from "./rules/service-configuration.js";
import { TakenRoutes } from "./rules/taken-routes.js";
import { checkMainPackages, servedServices } from "./served-services.js";
import { readEnum } from "./types/enum.js";
import { extensionsByMessage } from "./types/extensions.js";
import { readFile } from "./types/file.js";
import { checkFieldMasks } from "./types/masks-in-oneofs.js";
import { readMessage } from "./types/message.js";
import { neededFiles } from "./types/needed-files.js";
import { reachableTypes } from "./types/reachable-types.js";
import { checkDefinitions, checkTypeNames, hiddenMessages } from "./types/type-names.js";
import { checkDefaults } from "./types/unusable-values.js";

/**
 * Reads the descriptors of a request into the model. The user's mistakes are collected in `diagnostics`. The affected
 * elements are left out of the model, so that the rest can be checked too.
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
  // Dependencies come first: if names conflict in index.ts, the name of the later file stays unchanged.
  const files = [...known.filter((file) => needed.has(file) && !asked.includes(file)), ...asked].filter((file) =>
    needed.has(file),
  );
  checkMainPackages(options.mainPackages, files, diagnostics);
  const configured = readServiceConfigurations(options, diagnostics);
  const rules = new HttpRules(registry, configured, asked, options, diagnostics);
  const routes = new TakenRoutes(diagnostics, options.sameRoute);
  const annotations = new Annotations(registry);
  const context = { options, diagnostics, annotations, rules, routes, isServed };
  const extensions = extensionsByMessage(files);
  const types = reachableTypes(files, extensions, isServed);
  const hidden = hiddenMessages(files, options);
  for (const file of files) checkTypeNames(file, hidden, options, diagnostics);
  checkDefaults(files, diagnostics);
  checkFieldMasks(files, diagnostics);
  if (options.definitions === "ts-proto") {
    for (const service of files.flatMap((file) => file.services)) checkDefinitions(service.methods, diagnostics);
  }
  const read = files.map((file) => readFile(file, context));
  if (diagnostics.errors.length === 0) checkRoutes(read, diagnostics);
  return {
    files: read.map((file) => withRoutes(file, routes)),
    messages: Object.fromEntries(
      [...types.messages].map(([name, desc]) => [name, readMessage(desc, extensions.get(name) ?? [], context)]),
    ),
    enums: Object.fromEntries([...types.enums].map(([name, desc]) => [name, readEnum(desc, context)])),
  };
}

/** Removes bindings that lost their routes to other RPCs. */
function withRoutes(file: FileModel, routes: TakenRoutes): FileModel {
  const services = file.services.map((service) => ({
    ...service,
    rpcs: service.rpcs.map((rpc) => ({
      ...rpc,
      bindings: rpc.bindings.filter((binding) => routes.keeps(binding)),
    })),
  }));
  return { ...file, services };
}

/** Warns if no RPC can be reached over HTTP. */
function checkRoutes(files: readonly FileModel[], diagnostics: Diagnostics): void {
  const rpcs = files.flatMap((file) => file.services).flatMap((service) => service.rpcs);
  if (rpcs.length === 0 || rpcs.some(({ bindings }) => bindings.length > 0)) return;
  diagnostics.warn(
    undefined,
    "no RPC has an HTTP rule, so the gateway has no routes: add google.api.http options, name a file of rules with the " +
      "plugin option grpc_api_configuration, or set access: { unboundRpcs: true } in the options of createGateway",
  );
}
