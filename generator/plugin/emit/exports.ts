import { enumOf, messageOf } from "../model/lookup.js";
import type { FileModel, Model, ServiceModel } from "../model/model.js";
import type { PluginOptions } from "../plugin-options.js";
import { codecName, enumName } from "./import-codec.js";
import { codecModule, gatewayModule, messagesModule } from "./output-path.js";
import { serviceConst } from "./service-const.js";
import type { ModuleRef } from "./source/module-ref.js";

/** A name that a generated module exports. */
export interface Export {
  readonly name: string;
  readonly from: ModuleRef;
  /** The proto package, `""` for none. */
  readonly package: string;
  readonly typeOnly: boolean;
  /** The full proto name, if the export is the type of a message or enum. */
  readonly proto?: string;
  /** The service, if the export is one. */
  readonly service?: ServiceModel;
  /** ts-proto, or the output of this plugin that contains the module. Exports of `gateways` are services. */
  readonly writtenBy: "ts-proto" | "codecs" | "gateways";
  /** The name with the package as a prefix, for a name that another file exports too: `MembershippbMember`. */
  readonly qualified: string;
}

/** Lists all exports of the modules of a proto file: those of ts-proto and those of this plugin. */
export function exportsOf(model: Model, file: FileModel, options: PluginOptions): readonly Export[] {
  const messages = file.messages.map((name) => messageOf(model, name));
  const enums = file.enums.map((name) => enumOf(model, name));
  const module = messagesModule(file.path, options);
  const from = (
    ref: ModuleRef,
    names: readonly string[],
    { writtenBy = "ts-proto", typeOnly = false }: Partial<Pick<Export, "writtenBy" | "typeOnly">> = {},
  ): readonly Export[] =>
    names.map((name) => ({
      name,
      from: ref,
      package: file.package,
      typeOnly,
      writtenBy,
      qualified: qualify(file.package, name),
    }));
  const definitions = [...file.services.map(({ localName }) => localName), ...file.otherServices].flatMap((name) => [
    ...from(module, [`${name}Service`]),
    ...from(module, [`${name}Server`], { typeOnly: true }),
  ]);
  return [
    ...[...messages, ...enums].flatMap(({ name, localName }) =>
      from(module, [localName]).map((each) => ({ ...each, proto: name })),
    ),
    ...from(module, file.otherTypes),
    ...(options.definitions === "ts-proto" ? definitions : []),
    ...from(codecModule(file.path), [...enums.map(enumName), ...messages.map(codecName)], { writtenBy: "codecs" }),
    ...file.services.flatMap((service) =>
      from(gatewayModule(file.path), [serviceConst(service)], { writtenBy: "gateways" }).map((each) => ({
        ...each,
        service,
      })),
    ),
  ];
}

/** Adds the package to a name as a prefix. The case of the first letter stays: `secondV1Kv`, `SecondV1Member`. */
function qualify(packageName: string, name: string): string {
  const words = [...packageName.split(/[._]/).filter((part) => part !== ""), name];
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return /^[a-z]/.test(name) ? joined.slice(0, 1).toLowerCase() + joined.slice(1) : joined;
}
