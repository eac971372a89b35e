import { enumOf, messageOf } from "../model/lookup.js";
import type { FileModel, Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
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
  /** The full name of the message or enum that it is the type of; absent for what is neither. */
  readonly proto?: string;
  /** Who writes the module: ts-proto, or which of our outputs it is. Those of `gateways` are services. */
  readonly writtenBy: "ts-proto" | "codecs" | "gateways";
  /** What it is called if another file exports the name too: with its package before it, `MembershippbMember`. */
  readonly qualified: string;
}

/** All that the modules of a proto file export: ts-proto's, and ours. */
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
    ...from(gatewayModule(file.path), file.services.map(serviceConst), { writtenBy: "gateways" }),
  ];
}

/** A name with its package before it, in the case that it begins with: `secondV1Kv`, `SecondV1Member`. */
function qualify(packageName: string, name: string): string {
  const words = [...packageName.split(/[._]/).filter((part) => part !== ""), name];
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return /^[a-z]/.test(name) ? joined.slice(0, 1).toLowerCase() + joined.slice(1) : joined;
}
