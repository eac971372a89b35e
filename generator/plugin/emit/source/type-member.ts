import { propertyName } from "./expression.js";
import { LINE_WIDTH } from "./line-width.js";

/**
 * Writes a member of an object type whose type is generic: `  name: type<args>;`, with each argument on its own line if
 * that is too long.
 *
 * @param modifier the text before the name, for example `readonly `
 */
export function typeMember(name: string, type: string, args: readonly string[], modifier = ""): string {
  const head = `  ${modifier}${propertyName(name)}: ${type}`;
  const line = `${head}<${args.join(", ")}>;`;
  return line.length <= LINE_WIDTH ? line : `${head}<\n${args.map((arg) => `    ${arg}`).join(",\n")}\n  >;`;
}
