import type { AnyDesc, DescFile, DescMethod } from "@bufbuild/protobuf";
import type { PluginOptions } from "../../options.js";
import type { Diagnostics } from "../diagnostics.js";
import { positionOf } from "../source-info.js";
import { enumsOf, messagesOf } from "./file.js";
import { localTypeName, lowerCamel, mapEntryNames } from "./local-name.js";

/** Names that TypeScript does not allow for a type, and names that ts-proto's output uses for something else. */
export const UNUSABLE_TYPE_NAMES: ReadonlySet<string> = new Set(
  (
    "any await bigint boolean break case catch class const continue debugger default delete do else enum export extends " +
    "false finally for function if implements import in infer instanceof interface keyof let never new null number object " +
    "package private protected public readonly return static string super switch symbol this throw true try typeof " +
    "undefined unique unknown var void while with yield " +
    "arguments eval globalThis Array BigInt Builtin DeepPartial Map Math MessageFns BinaryReader BinaryWriter Partial " +
    "ReadonlyArray Uint8Array"
  ).split(" "),
);

/**
 * Names of local variables in ts-proto's functions. They hide a type of the same name from code for fields of this
 * type.
 */
const LOCALS = new Set("base end input length message reader tag writer".split(" "));

/**
 * Reports types whose names do not work in ts-proto's output: reserved names, and names that are equal after nested
 * names are joined by `_`.
 */
export function checkTypeNames(file: DescFile, options: PluginOptions, diagnostics: Diagnostics): void {
  const owners = new Map<string, AnyDesc>();
  const claim = (name: string, desc: AnyDesc, what: string): void => {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, desc);
    else {
      const advice = "rename one of them";
      diagnostics.error(positionOf(desc), `${what} is ${name} in TypeScript, and so is ${String(owner)}: ${advice}`);
    }
  };
  const hidden = hiddenNames(file);
  for (const desc of [...enumsOf(file), ...messagesOf(file.messages)]) {
    const name = localTypeName(desc, options);
    claim(name, desc, String(desc));
    if (!UNUSABLE_TYPE_NAMES.has(name) && !hidden.has(name)) continue;
    diagnostics.error(
      positionOf(desc),
      `${String(desc)}: ts-proto's output does not compile with a type that is called ${name}: ` +
        "give ts-proto typePrefix=Pb, and this plugin type_prefix=Pb, or any other prefix",
    );
  }
  for (const desc of messagesOf(file.messages)) {
    for (const name of mapEntryNames(desc, options)) claim(name, desc, `the map entry of ${String(desc)}`);
  }
}

/** Names of a file's messages that are not usable because fields of the same file have these messages as types. */
function hiddenNames(file: DescFile): ReadonlySet<string> {
  const fields = messagesOf(file.messages).flatMap((message) => message.fields);
  const types = fields.flatMap(({ message }) => (message?.file === file ? [message.name] : []));
  return new Set(types.filter((name) => LOCALS.has(name)));
}

/** Reports rpcs for which ts-proto's definitions do not compile. */
export function checkDefinitions(methods: readonly DescMethod[], diagnostics: Diagnostics): void {
  const names = new Map<string, DescMethod>();
  for (const method of methods) {
    const name = lowerCamel(method.name);
    const same = names.get(name);
    if (same !== undefined) {
      diagnostics.error(
        positionOf(method),
        `${String(method)} is ${name} in TypeScript, and so is ${String(same)}: leave out definitions=ts-proto`,
      );
    }
    names.set(name, method);
    const wrapper = [method.input, method.output].find(({ typeName }) =>
      /^google\.protobuf\.U?Int64Value$/.test(typeName),
    );
    if (wrapper === undefined) continue;
    diagnostics.error(
      positionOf(method),
      `${String(method)}: ts-proto's definition of an rpc with a ${wrapper.typeName} does not compile: ` +
        "leave out definitions=ts-proto",
    );
  }
}
