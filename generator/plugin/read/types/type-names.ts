import type { AnyDesc, DescFile, DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { PluginOptions } from "../../plugin-options.js";
import type { Diagnostics } from "../diagnostics.js";
import { positionOf } from "../source-info.js";
import { enumsOf, messagesOf } from "./file.js";
import { localTypeName, lowerCamel, mapEntryNames } from "./local-name.js";

/** Names that TypeScript does not allow for a type, and names that ts-proto's output uses for something else. */
const UNUSABLE: ReadonlySet<string> = new Set(
  (
    "any await bigint boolean break case catch class const continue debugger default delete do else enum export extends " +
    "false finally for function if implements import in infer instanceof interface keyof let never new null number object " +
    "package private protected public readonly return static string super switch symbol this throw true try typeof " +
    "undefined unique unknown var void while with yield " +
    "arguments eval globalThis Array BigInt Builtin DeepPartial Map Math MessageFns BinaryReader BinaryWriter Partial " +
    "ReadonlyArray Uint8Array " +
    // The parameter of `create`, which uses its own message.
    "base"
  ).split(" "),
);

/**
 * Names of local variables in ts-proto's functions, by the fields for which it writes these functions. They hide a
 * message of the same name from the code for such a field.
 */
const LOCALS = {
  /** In `encode` and `decode`. */
  every: new Set("end input length message previousRecursionDepth reader tag writer".split(" ")),
  /** In the loops of `encode` and `fromPartial` over a list. */
  list: new Set(["e", "v"]),
  /** In the loops of `fromPartial` over a map: over an object and over a `Map`. */
  map: new Set(["acc", "key", "m", "value"]),
} as const;

/** Whether ts-proto's output might not compile with a type of this name, so that the type needs a prefix. */
export function mayNeedPrefix(name: string): boolean {
  return UNUSABLE.has(name) || Object.values(LOCALS).some((names) => names.has(name));
}

/**
 * Reports types whose names do not work in ts-proto's output: reserved names, and names that are equal after nested
 * names are joined by `_`.
 *
 * @param hidden the {@link hiddenMessages} of all files
 */
export function checkTypeNames(
  file: DescFile,
  hidden: ReadonlySet<DescMessage>,
  options: PluginOptions,
  diagnostics: Diagnostics,
): void {
  const owners = new Map<string, AnyDesc>();
  const claim = (name: string, desc: AnyDesc, what: string): void => {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, desc);
    else {
      const advice = "rename one of them";
      diagnostics.error(
        positionOf(desc),
        `${what} and ${String(owner)} have the same name in TypeScript, ${name}: ${advice}`,
      );
    }
  };
  for (const desc of [...enumsOf(file), ...messagesOf(file.messages)]) {
    const name = localTypeName(desc, options);
    claim(name, desc, String(desc));
    if (!UNUSABLE.has(name) && !(desc.kind === "message" && hidden.has(desc))) continue;
    diagnostics.error(
      positionOf(desc),
      `${String(desc)}: ts-proto's output does not compile with a type called ${name}: ` +
        "set typePrefix=Pb for ts-proto and type_prefix=Pb for this plugin, or another prefix for both",
    );
  }
  for (const desc of messagesOf(file.messages)) {
    for (const name of mapEntryNames(desc, options)) claim(name, desc, `the map entry of ${String(desc)}`);
  }
}

/** Finds the messages that a local variable of ts-proto's functions hides, because a field of any file has that type. */
export function hiddenMessages(files: readonly DescFile[], options: PluginOptions): ReadonlySet<DescMessage> {
  const fields = files.flatMap((file) => messagesOf(file.messages)).flatMap((message) => message.fields);
  return new Set(
    fields.flatMap(({ message, fieldKind }) => {
      if (message === undefined) return [];
      const name = localTypeName(message, options);
      const inLoop = fieldKind === "list" || fieldKind === "map" ? LOCALS[fieldKind].has(name) : false;
      return inLoop || LOCALS.every.has(name) ? [message] : [];
    }),
  );
}

/** Reports RPCs for which ts-proto's definitions do not compile. */
export function checkDefinitions(methods: readonly DescMethod[], diagnostics: Diagnostics): void {
  const names = new Map<string, DescMethod>();
  for (const method of methods) {
    const name = lowerCamel(method.name);
    const same = names.get(name);
    if (same !== undefined) {
      diagnostics.error(
        positionOf(method),
        `${String(method)} and ${String(same)} have the same name in TypeScript, ${name}: remove definitions=ts-proto`,
      );
    }
    names.set(name, method);
    const wrapper = [method.input, method.output].find(({ typeName }) =>
      /^google\.protobuf\.U?Int64Value$/.test(typeName),
    );
    if (wrapper === undefined) continue;
    diagnostics.error(
      positionOf(method),
      `${String(method)}: ts-proto's definition of an RPC with a ${wrapper.typeName} does not compile: ` +
        "remove definitions=ts-proto",
    );
  }
}
