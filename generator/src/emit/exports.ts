import { enumOf, messageOf } from "../model/lookup.js";
import type { FileModel, Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import { codecName, enumName } from "./import-codec.js";
import type { ModuleRef } from "./module-ref.js";
import { codecModule, gatewayModule, messagesModule } from "./output-path.js";
import { serviceConst } from "./service-const.js";

/** A name that a generated module exports. */
export interface Export {
  readonly name: string;
  readonly from: ModuleRef;
  readonly typeOnly: boolean;
  /** What tells it from one of the same name in another package: `Membershippb`. */
  readonly prefix: string;
}

/** All that the modules of a proto file export: ts-proto's and ours. */
export function exportsOf(model: Model, file: FileModel, options: PluginOptions): readonly Export[] {
  const prefix = file.package
    .split(/[._]/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
  const messages = file.messages.map((name) => messageOf(model, name));
  const enums = file.enums.map((name) => enumOf(model, name));
  const module = messagesModule(file.path, options);
  const from = (ref: ModuleRef, names: readonly string[], typeOnly = false): readonly Export[] =>
    names.map((name) => ({ name, from: ref, typeOnly, prefix }));
  return [
    ...from(
      module,
      [...messages, ...enums].map(({ localName }) => localName),
    ),
    ...file.services.flatMap(({ localName }) => [
      ...from(module, [`${localName}Service`, `${localName}Client`]),
      ...from(module, [`${localName}Server`], true),
    ]),
    ...from(codecModule(file.path), [...enums.map(enumName), ...messages.map(codecName)]),
    ...from(gatewayModule(file.path), file.services.map(serviceConst)),
  ];
}
