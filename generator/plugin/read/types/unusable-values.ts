import type { DescFile } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics.js";
import { positionOf } from "../source-info.js";
import { enumsOf, messagesOf } from "./file.js";

/** Names that TypeScript does not allow for a type alias. */
const UNUSABLE_ALIASES: ReadonlySet<string> = new Set(
  (
    "any as bigint boolean break case catch class const continue debugger default delete do else enum export extends " +
    "false finally for function if implements import in instanceof interface let never new null number object package " +
    "private protected public return static string super switch symbol this throw true try typeof undefined unknown " +
    "var void while with yield"
  ).split(" "),
);

/**
 * Warns about values that can break ts-proto's output: names of enum values, if ts-proto writes enums as literals, and
 * proto2 defaults that are not finite. These are not errors, because this plugin does not know ts-proto's options.
 */
export function checkValues(file: DescFile, diagnostics: Diagnostics): void {
  for (const value of enumsOf(file).flatMap(({ values }) => values)) {
    if (!UNUSABLE_ALIASES.has(value.name)) continue;
    diagnostics.warn(
      positionOf(value),
      `${String(value)}: ts-proto's output does not compile with a value that is called ${value.name} if you give ts-proto ` +
        "enumsAsLiterals=true: leave that out",
    );
  }
  for (const field of messagesOf(file.messages).flatMap(({ fields }) => fields)) {
    const { defaultValue } = field.proto;
    if (!/^(-?inf|nan)$/.test(defaultValue)) continue;
    diagnostics.warn(
      positionOf(field),
      `${String(field)}: ts-proto's output does not compile with the default ${defaultValue}, unless you give ts-proto ` +
        "disableProto2DefaultValues=true",
    );
  }
}
